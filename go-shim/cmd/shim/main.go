// Command shim is the provider as a Go program: install it under the provider's name, and hosts talk to the native
// binary through it. FEDIVERSITY_PROVIDER names the binary; without it, "terraform-provider-fediversity-native" beside
// this program is taken. FEDIVERSITY_SHIM_TRACE names a file that gets one line per RPC.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"

	shim "github.com/fediversity/terraform-provider-fediversity/go-shim"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "shim:", err)
		os.Exit(1)
	}
}

func run() error {
	options := shim.Options{Binary: os.Getenv("FEDIVERSITY_PROVIDER")}
	if options.Binary == "" {
		self, err := os.Executable()
		if err != nil {
			return err
		}
		options.Binary = filepath.Join(filepath.Dir(self), "terraform-provider-fediversity-native")
	}
	if path := os.Getenv("FEDIVERSITY_SHIM_TRACE"); path != "" {
		file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		defer file.Close()
		options.Trace = shim.TraceTo(file)
	}
	// The host reads these lines from stderr and filters them itself.
	options.Logger = hclog.New(&hclog.LoggerOptions{Output: os.Stderr, JSONFormat: true, Level: hclog.Trace})

	provider, err := shim.Start(options)
	if err != nil {
		return err
	}
	defer provider.Close()
	plugin.Serve(provider.ServeConfig())
	return nil
}
