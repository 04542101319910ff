import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.*;
import java.util.concurrent.locks.*;

/** Programs, each of which is run many times. What a run says, in its order, is
 *  one line, behind the program's name. programs.csp has the same as processes. */
public class Programs {
    static final List<String> said = new ArrayList<>();

    static void say(String word) {
        synchronized (said) {
            said.add(word);
        }
    }

    interface Body {
        void run() throws Exception;
    }

    static Thread start(Body body) {
        Thread t = new Thread(() -> {
            try {
                body.run();
            } catch (Exception e) {
                say(e.getClass().getSimpleName());
            }
        });
        t.start();
        return t;
    }

    /** Two wait, and two notifications wake them, in any order. */
    static void waiters() throws Exception {
        Object m = new Object();
        int[] tokens = {0};
        List<Thread> ts = new ArrayList<>();
        for (int i = 1; i <= 2; i++) {
            String me = "W." + i;
            ts.add(start(() -> {
                synchronized (m) {
                    while (tokens[0] == 0)
                        m.wait();
                    tokens[0]--;
                    say(me);
                }
            }));
        }
        for (int i = 0; i < 2; i++)
            synchronized (m) {
                tokens[0]++;
                m.notify();
                say("Sent");
            }
        for (Thread t : ts)
            t.join();
    }

    /** wait gives up two holds, and has two back. */
    static void reentrant() throws Exception {
        Object m = new Object();
        boolean[] there = {false};
        Thread a = start(() -> {
            synchronized (m) {
                synchronized (m) {
                    while (!there[0])
                        m.wait();
                    say("Woken");
                }
                say(Thread.holdsLock(m) ? "Held" : "Unowned");
            }
            say(Thread.holdsLock(m) ? "Held" : "Unowned");
        });
        Thread b = start(() -> {
            synchronized (m) {
                there[0] = true;
                say("Told");
                m.notifyAll();
            }
        });
        a.join();
        b.join();
    }

    /** What is not owned is not notified. */
    static void owner() throws Exception {
        Object m = new Object();
        ReentrantLock lock = new ReentrantLock();
        start(m::notify).join();
        start(lock::unlock).join();
        lock.lock();
        start(lock.newCondition()::signal).join();
    }

    /** Who has queued longest for a fair lock gets it first. */
    static void fair() throws Exception {
        ReentrantLock lock = new ReentrantLock(true);
        List<Thread> ts = new ArrayList<>();
        lock.lock();
        for (int i = 1; i <= 3; i++) {
            String me = "T." + i;
            Thread t = start(() -> {
                lock.lock();
                say(me);
                lock.unlock();
            });
            ts.add(t);
            while (!lock.hasQueuedThread(t))
                Thread.onSpinWait();
        }
        lock.unlock();
        for (Thread t : ts)
            t.join();
    }

    /** tryLock takes a fair lock that another queues for, if it is quick. */
    static void barging() throws Exception {
        ReentrantLock lock = new ReentrantLock(true);
        lock.lock();
        Thread t = start(() -> {
            lock.lock();
            say("T.1");
            lock.unlock();
        });
        while (!lock.hasQueuedThread(t))
            Thread.onSpinWait();
        lock.unlock();
        if (lock.tryLock()) {
            say("Got");
            lock.unlock();
        } else {
            say("Busy");
        }
        t.join();
    }

    /** Who has waited longest for a condition is signalled first. */
    static void conditions() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        Condition c = lock.newCondition();
        List<Thread> ts = new ArrayList<>();
        for (int i = 1; i <= 2; i++) {
            String me = "T." + i;
            Thread t = start(() -> {
                lock.lock();
                c.await();
                say(me);
                lock.unlock();
            });
            ts.add(t);
            for (boolean waits = false; !waits;) {
                lock.lock();
                waits = lock.getWaitQueueLength(c) == i;
                lock.unlock();
            }
        }
        for (Thread t : ts) {
            lock.lock();
            c.signal();
            lock.unlock();
            t.join(1);
        }
        for (Thread t : ts)
            t.join();
    }

    /** One thread, then a place in the queue, then one thread more, then none. */
    static void pool(int core, int max, BlockingQueue<Runnable> queue) throws Exception {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(core, max, 1, TimeUnit.HOURS, queue);
        CountDownLatch open = new CountDownLatch(1);
        for (int j = 1; j <= 4; j++) {
            String me = "J." + j, not = "R." + j;
            try {
                pool.execute(() -> {
                    try {
                        open.await();
                    } catch (InterruptedException e) {
                    }
                    say(me);
                });
            } catch (RejectedExecutionException e) {
                say(not);
            }
        }
        say("Open");
        open.countDown();
        pool.shutdown();
        pool.awaitTermination(1, TimeUnit.HOURS);
        say("Over");
    }

    /** Whoever completes or cancels first wins. */
    static void future() throws Exception {
        CompletableFuture<Integer> f = new CompletableFuture<>();
        Thread a = start(() -> say(f.complete(1) ? "Completed" : "Late"));
        Thread b = start(() -> say(f.cancel(false) ? "Cancelled" : "Late"));
        a.join();
        b.join();
        try {
            say("Value." + f.get());
        } catch (CancellationException e) {
            say("Nothing");
        }
    }

    public static void main(String[] args) throws Exception {
        Map<String, Body> programs = new TreeMap<>();
        programs.put("WAITERS", Programs::waiters);
        programs.put("REENTRANT", Programs::reentrant);
        programs.put("OWNER", Programs::owner);
        programs.put("FAIR", Programs::fair);
        programs.put("BARGING", Programs::barging);
        programs.put("CONDITIONS", Programs::conditions);
        programs.put("BOUNDED", () -> pool(1, 2, new ArrayBlockingQueue<>(1)));
        programs.put("FIXED", () -> pool(2, 2, new LinkedBlockingQueue<>()));
        programs.put("CACHED", () -> pool(0, 2, new SynchronousQueue<>()));
        programs.put("NO_CORE", () -> pool(0, 2, new ArrayBlockingQueue<>(2)));
        programs.put("FUTURE", Programs::future);
        for (Map.Entry<String, Body> p : programs.entrySet()) {
            TreeSet<String> runs = new TreeSet<>();
            for (int i = 0; i < Integer.parseInt(args[0]); i++) {
                said.clear();
                p.getValue().run();
                runs.add(p.getKey() + " " + String.join(" ", said));
            }
            runs.forEach(System.out::println);
        }
    }
}
