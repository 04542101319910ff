package graphviz

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

// Graphviz 12.1.2 as WebAssembly, as github.com/goccy/go-graphviz has built it.
// That package compiles it whenever a program that imports it starts, and keeps
// machine code in a directory that all users share; so we only take the module.
// A test holds it, and what comes out of it, to that package's.
//
//go:embed graphviz.wasm
var wasm []byte

// compiled is the module as machine code, made when it is first needed.
var compiled = sync.OnceValues(freshlyCompiled)

func freshlyCompiled() (*machineCode, error) {
	ctx := context.Background()
	code, err := compile(ctx, cache())
	if err != nil { // what the cache holds may be broken
		code, err = compile(ctx, nil)
	}
	return code, err
}

type machineCode struct {
	wazero.Runtime
	module wazero.CompiledModule
}

// cache is where machine code is kept from one run to the next, which saves
// some 0.6 s: the user's own cache. Nil if there is none.
func cache() wazero.CompilationCache {
	dir, err := os.UserCacheDir()
	if err != nil {
		return nil
	}
	c, err := wazero.NewCompilationCacheWithDir(filepath.Join(dir, "cspcheck", "graphviz"))
	if err != nil {
		return nil
	}
	return c
}

// maxMemory is what Graphviz may take: 1 GiB, in pages of 64 KiB.
const maxMemory = 1 << 14

func compile(ctx context.Context, cache wazero.CompilationCache) (*machineCode, error) {
	config := wazero.NewRuntimeConfig().WithMemoryLimitPages(maxMemory)
	if cache != nil {
		config = config.WithCompilationCache(cache)
	}
	r := wazero.NewRuntimeWithConfig(ctx, config)
	module, err := r.CompileModule(ctx, wasm)
	if err != nil {
		r.Close(ctx)
		return nil, err
	}
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, r); err != nil {
		r.Close(ctx)
		return nil, err
	}
	// What else it imports are calls of plugins written in Go, of which there
	// are none.
	env := r.NewHostModuleBuilder("env")
	for _, f := range module.ImportedFunctions() {
		from, name, _ := f.Import()
		if from != "env" {
			continue
		}
		refuse := func(context.Context, api.Module, []uint64) { panic("there is no " + name) }
		env.NewFunctionBuilder().WithGoModuleFunction(api.GoModuleFunc(refuse), f.ParamTypes(), f.ResultTypes()).Export(name)
	}
	if _, err := env.Instantiate(ctx); err != nil {
		r.Close(ctx)
		return nil, err
	}
	return &machineCode{r, module}, nil
}

// An instance is a Graphviz with a memory of its own. It sees no file, no
// network and no clock. The first error ends it: later calls do nothing.
type instance struct {
	ctx context.Context
	api.Module
	err error
}

func newInstance(ctx context.Context) (*instance, error) {
	code, err := compiled()
	if err != nil {
		return nil, err
	}
	m, err := code.InstantiateModule(ctx, code.module, wazero.NewModuleConfig().WithName(""))
	if err != nil {
		return nil, err
	}
	return &instance{ctx: ctx, Module: m}, nil
}

// call calls a function, and returns its result, if it has one.
func (g *instance) call(name string, args ...uint64) uint64 {
	if g.err != nil {
		return 0
	}
	f := g.ExportedFunction(name)
	if f == nil {
		g.err = fmt.Errorf("there is no %s", name)
		return 0
	}
	out, err := f.Call(g.ctx, args...)
	if err != nil {
		g.err = err
		return 0
	}
	if len(out) == 0 {
		return 0
	}
	return out[0]
}

// ask calls a function of go-graphviz, which writes its result where its last
// argument points.
func (g *instance) ask(name string, args ...uint64) uint64 {
	result := g.allocate(word)
	g.call("wasm_bridge_"+name, append(args, result)...)
	return g.read(result)
}

const word = 4 // bytes

func (g *instance) allocate(bytes int) uint64 { return g.call("malloc", uint64(bytes)) }

// read returns the word at an address.
func (g *instance) read(at uint64) uint64 {
	if g.err != nil {
		return 0
	}
	v, ok := g.Memory().ReadUint32Le(uint32(at))
	if !ok {
		g.err = fmt.Errorf("there is no memory at %d", at)
	}
	return uint64(v)
}

// write writes the word at an address.
func (g *instance) write(at, v uint64) {
	if g.err == nil && !g.Memory().WriteUint32Le(uint32(at), uint32(v)) {
		g.err = fmt.Errorf("there is no memory at %d", at)
	}
}

// text returns a copy of the text that an address and a length, at p, describe.
func (g *instance) text(p uint64) []byte {
	if p == 0 {
		return nil
	}
	at, length := g.read(p), g.read(p+word)
	if g.err != nil {
		return nil
	}
	b, ok := g.Memory().Read(uint32(at), uint32(length))
	if !ok {
		g.err = fmt.Errorf("there is no memory at %d to %d", at, at+length)
	}
	return append([]byte(nil), b...)
}

// put writes a text and a zero, and returns where.
func (g *instance) put(text []byte) uint64 {
	at := g.allocate(len(text) + 1)
	if g.err == nil && !g.Memory().Write(uint32(at), append(text[:len(text):len(text)], 0)) {
		g.err = fmt.Errorf("there is no memory for %d bytes", len(text))
	}
	return at
}
