package shim

import (
	"context"
	"errors"
	"io"
	"math"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	_ "google.golang.org/grpc/encoding/proto" // the codec that everything but forwarded messages goes through
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// Call is one RPC that passed through.
type Call struct {
	Method   string // "/tfplugin6.Provider/PlanResourceChange"
	Request  int64  // bytes of all messages that the host sent
	Response int64  // bytes of all messages that the provider sent
	Duration time.Duration
	Err      error // with the provider's status; nil if it answered
}

func (p *Provider) serverOptions() []grpc.ServerOption {
	return []grpc.ServerOption{
		grpc.UnknownServiceHandler(p.forward),
		grpc.ForceServerCodecV2(codec{}),
		grpc.MaxRecvMsgSize(math.MaxInt),
		grpc.MaxSendMsgSize(math.MaxInt),
	}
}

// unlimitedCall lifts the limit of 4 MiB that grpc-go sets: how much a host takes is the host's business.
func unlimitedCall() []grpc.CallOption {
	return []grpc.CallOption{grpc.MaxCallRecvMsgSize(math.MaxInt), grpc.MaxCallSendMsgSize(math.MaxInt)}
}

// forward carries one RPC of any shape, streaming or not, in both directions until the provider ends it.
func (p *Provider) forward(_ any, host grpc.ServerStream) (err error) {
	method, ok := grpc.MethodFromServerStream(host)
	if !ok {
		return status.Error(codes.Internal, "the host's stream names no method")
	}
	var request, response atomic.Int64
	if p.trace != nil {
		begin := time.Now()
		defer func() {
			p.trace(Call{method, request.Load(), response.Load(), time.Since(begin), err})
		}()
	}

	ctx, cancel := context.WithCancel(host.Context())
	defer cancel()
	if incoming, ok := metadata.FromIncomingContext(ctx); ok {
		ctx = metadata.NewOutgoingContext(ctx, incoming.Copy())
	}
	shape := &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}
	provider, err := p.conn.NewStream(ctx, shape, method, grpc.ForceCodecV2(codec{}))
	if err != nil {
		return err
	}
	go func() {
		if err := copyRequests(provider, host, &request); err != nil {
			cancel() // the host is gone, or the provider has ended the RPC already
		}
	}()
	err = copyResponses(host, provider, &response)
	host.SetTrailer(provider.Trailer())
	return err
}

func copyRequests(provider grpc.ClientStream, host grpc.ServerStream, size *atomic.Int64) error {
	for {
		var message frame
		err := host.RecvMsg(&message)
		if errors.Is(err, io.EOF) {
			return provider.CloseSend()
		}
		if err != nil {
			return err
		}
		size.Add(int64(len(message)))
		if err := provider.SendMsg(&message); err != nil {
			if errors.Is(err, io.EOF) {
				return nil // the provider's status arrives with its answers
			}
			return err
		}
	}
}

func copyResponses(host grpc.ServerStream, provider grpc.ClientStream, size *atomic.Int64) error {
	header, err := provider.Header()
	if err != nil {
		return err
	}
	if err := host.SendHeader(header); err != nil { // at once: the first message may be long in coming
		return err
	}
	for {
		var message frame
		err := provider.RecvMsg(&message)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		size.Add(int64(len(message)))
		if err := host.SendMsg(&message); err != nil {
			return err
		}
	}
}

// frame is a message that nobody looks into.
type frame []byte

// codec passes frames as they are, and leaves go-plugin's own messages to the usual codec, whose name it bears so
// that the content type on the wire stays what peers expect.
type codec struct{}

func (codec) Name() string { return "proto" }

func (codec) Marshal(value any) (mem.BufferSlice, error) {
	if message, ok := value.(*frame); ok {
		return mem.BufferSlice{mem.SliceBuffer(*message)}, nil
	}
	return encoding.GetCodecV2("proto").Marshal(value)
}

func (codec) Unmarshal(data mem.BufferSlice, value any) error {
	if message, ok := value.(*frame); ok {
		*message = data.Materialize()
		return nil
	}
	return encoding.GetCodecV2("proto").Unmarshal(data, value)
}
