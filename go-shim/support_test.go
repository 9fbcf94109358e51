package shim_test

import (
	"context"
	"os"
	"testing"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
)

// bareConnection makes go-plugin dispense the connection itself.
type bareConnection struct {
	plugin.NetRPCUnsupportedPlugin
}

func (*bareConnection) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, conn *grpc.ClientConn) (any, error) {
	return conn, nil
}

func (*bareConnection) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error { return nil }

func protoCodec() encoding.CodecV2 { return encoding.GetCodecV2("proto") }

// testLogger shows what plugins say where SHIM_TEST_LOG is set.
func testLogger(t *testing.T) hclog.Logger {
	t.Helper()
	if os.Getenv("SHIM_TEST_LOG") == "" {
		return hclog.NewNullLogger()
	}
	return hclog.New(&hclog.LoggerOptions{Name: t.Name(), Level: hclog.Trace, Output: os.Stderr})
}

// nativeBinary is the provider binary under test; `./dev test` names it.
func nativeBinary(t *testing.T) string {
	t.Helper()
	binary := os.Getenv("FEDIVERSITY_PROVIDER")
	if binary == "" {
		t.Skip("FEDIVERSITY_PROVIDER names no provider binary; ./dev test does")
	}
	return binary
}
