package shim

import (
	"encoding/json"
	"io"
	"sync"
	"time"

	"google.golang.org/grpc/status"
)

// TraceTo writes one JSON object per RPC and line: when, method, bytes each way, milliseconds, and the status code.
// It never writes what the messages hold, for they hold secrets. A line that cannot be written is lost.
func TraceTo(out io.Writer) func(Call) {
	var lock sync.Mutex
	encoder := json.NewEncoder(out)
	return func(call Call) {
		lock.Lock()
		defer lock.Unlock()
		_ = encoder.Encode(struct {
			Time     string  `json:"time"`
			Method   string  `json:"method"`
			Request  int64   `json:"request_bytes"`
			Response int64   `json:"response_bytes"`
			Millis   float64 `json:"ms"`
			Code     string  `json:"code"`
		}{
			time.Now().UTC().Format("2006-01-02T15:04:05.000000Z"), call.Method, call.Request, call.Response,
			float64(call.Duration.Microseconds()) / 1000, status.Code(call.Err).String(),
		})
	}
}
