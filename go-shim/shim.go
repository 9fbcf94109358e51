// Package shim stands between a host that speaks go-plugin (OpenTofu, Terraform, or a Go program that embeds it) and
// the native provider binary. It uses the official go-plugin on both sides and passes every RPC on as bytes: it knows
// no message, no resource and no version of the protocol but the major one, so it never has to follow a change.
//
//	provider, err := shim.Start(shim.Options{Binary: "terraform-provider-fediversity"})
//	if err != nil { ... }
//	defer provider.Close()
//	plugin.Serve(provider.ServeConfig())
package shim

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
)

// ProtocolVersion is the major version of the plugin protocol, the only part that hosts negotiate.
const ProtocolVersion = 6

// PluginName is what hosts dispense.
const PluginName = "provider"

// Handshake tells a provider that a host has started it. It is no secret.
var Handshake = plugin.HandshakeConfig{
	ProtocolVersion:  ProtocolVersion,
	MagicCookieKey:   "TF_PLUGIN_MAGIC_COOKIE",
	MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
}

// Options say what to start and what to do with what it says.
type Options struct {
	// Binary is the path of the provider binary.
	Binary string
	// Env is added to the environment that the binary inherits, as "NAME=value".
	Env []string
	// Logger receives the binary's own log lines; none are shown where it is nil.
	Logger hclog.Logger
	// Trace is called after each RPC, from several goroutines at once; nothing is traced where it is nil.
	Trace func(Call)
}

// Provider is a running binary. It may be used from several goroutines.
type Provider struct {
	client *plugin.Client
	conn   *grpc.ClientConn
	trace  func(Call)
}

// Start runs the binary and connects to it over mutual TLS with keys made for this run.
func Start(options Options) (*Provider, error) {
	command := exec.Command(options.Binary)
	command.Env = append(withoutNegotiation(command.Environ()), options.Env...)
	logger := options.Logger
	if logger == nil {
		logger = hclog.NewNullLogger()
	}
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig:  Handshake,
		VersionedPlugins: map[int]plugin.PluginSet{ProtocolVersion: {PluginName: &connector{}}},
		Cmd:              command,
		SkipHostEnv:      true, // it is in command.Env already, where Env can override it
		AutoMTLS:         true,
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		Logger:           logger,
		GRPCDialOptions:  []grpc.DialOption{grpc.WithDefaultCallOptions(unlimitedCall()...)},
	})
	conn, err := connect(client)
	if err != nil {
		client.Kill()
		return nil, fmt.Errorf("starting %s: %w", options.Binary, err)
	}
	return &Provider{client: client, conn: conn, trace: options.Trace}, nil
}

// withoutNegotiation leaves out what the host said to us about our own connection: the binary's is another one.
func withoutNegotiation(environment []string) []string {
	return slices.DeleteFunc(environment, func(entry string) bool { return strings.HasPrefix(entry, "PLUGIN_") })
}

func connect(client *plugin.Client) (*grpc.ClientConn, error) {
	protocol, err := client.Client()
	if err != nil {
		return nil, err
	}
	dispensed, err := protocol.Dispense(PluginName)
	if err != nil {
		return nil, err
	}
	conn, ok := dispensed.(*grpc.ClientConn)
	if !ok {
		return nil, fmt.Errorf("go-plugin dispensed a %T in place of a connection", dispensed)
	}
	return conn, nil
}

// Conn is the connection to the binary, for programs that call it with a generated client of their own.
func (p *Provider) Conn() grpc.ClientConnInterface { return p.conn }

// Close asks the binary to end and waits until it has.
func (p *Provider) Close() { p.client.Kill() }

// ServeConfig serves this provider to a host: hand it to plugin.Serve, which returns when the host is done.
func (p *Provider) ServeConfig() *plugin.ServeConfig {
	return &plugin.ServeConfig{
		HandshakeConfig:  Handshake,
		VersionedPlugins: map[int]plugin.PluginSet{ProtocolVersion: {PluginName: &connector{}}},
		GRPCServer: func(options []grpc.ServerOption) *grpc.Server {
			return plugin.DefaultGRPCServer(append(options, p.serverOptions()...))
		},
	}
}

// connector makes go-plugin hand out the bare connection, and serves nothing by name.
type connector struct {
	plugin.NetRPCUnsupportedPlugin
}

func (*connector) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, conn *grpc.ClientConn) (any, error) {
	if conn == nil {
		return nil, errors.New("go-plugin gave no connection")
	}
	return conn, nil
}

func (*connector) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error { return nil }
