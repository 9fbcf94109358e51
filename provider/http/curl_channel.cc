#include "provider/http/curl_channel.h"

#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "absl/time/clock.h"
#include "provider/base/poll_limits.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/http/delivery.h"
#include "provider/http/transfer_error.h"

namespace fediversity::http {

// One request on its way, as libcurl's callbacks see it.
struct CurlChannel::Transfer {
  const Request& request;
  std::size_t max_response_bytes;
  Response response = {};
  TransferError error = {};
  bool head_complete = false;
  absl::Status source_error = {};  // why the body's source gave no more
  int sends = 0;                   // how often libcurl began to send it
  absl::Duration patience = {};    // for the whole of it
  bool by_deadline = false;        // whether that is what the call has left
  std::string url = {};
  CurlList headers = {};
  std::array<char, CURL_ERROR_SIZE> text = {};
};

namespace {

// Sets options of a handle and remembers the first that libcurl does not take.
class EasyOptions {
 public:
  explicit EasyOptions(CURL* easy) : easy_(easy) {}

  template <typename T>
  void Set(CURLoption option, T value) {
    // In parentheses, for the macro of that name wants its option as a constant.
    if (code_ == CURLE_OK) code_ = (curl_easy_setopt)(easy_, option, value);
  }

  absl::Status status() const {
    if (code_ == CURLE_OK) return absl::OkStatus();
    return absl::InternalError(ToAbsl(Cat({"libcurl refuses an option: ", curl_easy_strerror(code_)})));
  }

 private:
  CURL* easy_;
  CURLcode code_ = CURLE_OK;
};

long Milliseconds(absl::Duration duration) {
  constexpr std::int64_t kLongest = 24L * 60 * 60 * 1000;
  return std::clamp<std::int64_t>(absl::ToInt64Milliseconds(absl::Ceil(duration, absl::Milliseconds(1))), 1,
                                  kLongest);
}

bool Append(CurlList& list, const std::string& line) {
  curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) return false;
  static_cast<void>(list.release());  // it is part of `longer`
  list.reset(longer);
  return true;
}

absl::StatusOr<CurlList> HeaderList(const Request& request) {
  CurlList list;
  // Waiting for "100 Continue" costs a second with servers that do not know it.
  bool complete = Append(list, "Expect:");
  // Without this line libcurl makes every body a form.
  complete = complete && Append(list, Cat({"Content-Type:", request.body.has_value() ? " " : "",
                                           request.body.has_value() ? request.body->content_type : ""}));
  for (const Field& header : request.headers) {
    // With a colon an empty value would take the header away.
    std::string_view const separator = header.Reveal().empty() ? ";" : ": ";
    complete = complete && Append(list, Cat({header.name(), separator, header.Reveal()}));
  }
  if (!complete) return absl::ResourceExhaustedError("out of memory");
  return list;
}

void SetMethod(EasyOptions& options, const Request& request) {
  switch (request.method) {
    case Method::kGet: options.Set(CURLOPT_HTTPGET, 1L); return;
    case Method::kHead: options.Set(CURLOPT_NOBODY, 1L); return;
    case Method::kDelete:
      if (request.body.has_value()) break;
      options.Set(CURLOPT_CUSTOMREQUEST, "DELETE");
      return;
    default: break;
  }
  options.Set(CURLOPT_POST, 1L);
  if (request.body.has_value() && request.body->source != nullptr) {
    options.Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body->source->size()));
  } else {
    std::string_view const bytes =
        request.body.has_value() ? request.body->bytes.Reveal() : std::string_view("");
    options.Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(bytes.size()));
    options.Set(CURLOPT_POSTFIELDS, bytes.data());  // not copied: `request` outlives the transfer
  }
  options.Set(CURLOPT_CUSTOMREQUEST, NameOf(request.method).data());
}

void SetRoute(EasyOptions& options, const Route& route) {
  // "" keeps libcurl from reading the environment by itself.
  options.Set(CURLOPT_PROXY, route.proxy.has_value() ? route.proxy->url.Reveal().c_str() : "");
  options.Set(CURLOPT_NOPROXY, "");
  if (route.proxy.has_value()) {
    options.Set(CURLOPT_PROXYPORT, static_cast<long>(route.proxy->port));
    options.Set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  }
  if (!route.unix_socket.empty()) options.Set(CURLOPT_UNIX_SOCKET_PATH, route.unix_socket.c_str());
  options.Set(CURLOPT_PROTOCOLS_STR, "http,https");
  options.Set(CURLOPT_FOLLOWLOCATION, 0L);
  options.Set(CURLOPT_PATH_AS_IS, 1L);
  // The same in every build of libcurl, whether it knows HTTP/2 or not.
  options.Set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  options.Set(CURLOPT_ACCEPT_ENCODING, "");  // whatever this libcurl can unpack
  options.Set(CURLOPT_USERAGENT, route.user_agent.c_str());
  options.Set(CURLOPT_CONNECTTIMEOUT_MS, Milliseconds(route.connect_timeout));
  options.Set(CURLOPT_NOSIGNAL, 1L);
  // A cancelled transfer leaves the thread that resolves its name behind, rather than wait for it.
  options.Set(CURLOPT_QUICK_EXIT, 1L);
}

// Text after the code in "HTTP/1.1 500 out of luck\r\n" (RFC 9112, section 4).
std::string ReasonOf(std::string_view line) {
  std::size_t const code = line.find(' ');
  std::size_t const reason = code == line.npos ? code : line.find(' ', code + 1);
  if (reason == line.npos) return {};
  line.remove_prefix(reason + 1);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  return std::string(line);
}

// One that keeps one connection.
CurlMulti MakeMulti() {
  CurlMulti multi(curl_multi_init());
  if (multi != nullptr) curl_multi_setopt(multi.get(), CURLMOPT_MAXCONNECTS, 1L);
  return multi;
}

// Takes the request out of the multi handle again, which ends a transfer that is not done.
class Attachment {
 public:
  Attachment(CURLM* multi, CURL* easy) : multi_(multi), easy_(easy) {}
  Attachment(const Attachment&) = delete;
  Attachment& operator=(const Attachment&) = delete;
  ~Attachment() {
    curl_multi_remove_handle(multi_, easy_);
    curl_easy_reset(easy_);  // so that it refers to nothing of the request any more
  }

 private:
  CURLM* multi_;
  CURL* easy_;
};

}  // namespace

CurlChannel::CurlChannel(const Route& route, CurlEasy easy, CurlMulti multi)
    : route_(route),
      check_{route.trust.get()},
      multi_(std::move(multi)),
      easy_(std::move(easy)) {}

absl::StatusOr<std::unique_ptr<CurlChannel>> CurlChannel::Create(const Route& route) {
  static CURLcode const kInitialized = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (kInitialized != CURLE_OK) return absl::InternalError("libcurl cannot be initialised");
  CurlEasy easy(curl_easy_init());
  CurlMulti multi = MakeMulti();
  if (easy == nullptr || multi == nullptr) return absl::ResourceExhaustedError("libcurl gives no handle");
  return std::unique_ptr<CurlChannel>(new CurlChannel(route, std::move(easy), std::move(multi)));
}

absl::StatusOr<Response> CurlChannel::Send(const Request& request, const CallLimits& limits) {
  std::string const what = Cat({PrintableLine(request), " to ", route_.Server()});
  if (limits.cancel.cancelled()) return WithDelivery(Interrupted(what), Delivery::kNotSent);
  Transfer transfer{.request = request, .max_response_bytes = route_.max_response_bytes};
  absl::Duration const left = limits.deadline - absl::Now();
  transfer.patience = std::min(request.timeout.value_or(route_.timeout), left);
  transfer.by_deadline = transfer.patience == left;
  if (left <= absl::ZeroDuration()) {
    return WithDelivery(absl::DeadlineExceededError(ToAbsl(Cat({what, ": no time left to send it"}))),
                        Delivery::kNotSent);
  }
  check_.seen = {};
  auto const idle = std::chrono::steady_clock::now() - last_used_;
  // The connections of a multi handle end with it. Told to leave an old one alone, libcurl keeps that open until the new
  // one is done, and the service has two.
  if (absl::FromChrono(idle) > route_.max_idle) multi_ = MakeMulti();
  if (multi_ == nullptr) {
    return WithDelivery(absl::ResourceExhaustedError("libcurl gives no handle"), Delivery::kNotSent);
  }
  Attachment const attachment(multi_.get(), easy_.get());
  if (absl::Status status = Configure(transfer); !status.ok())
    return WithDelivery(status, Delivery::kNotSent);
  if (curl_multi_add_handle(multi_.get(), easy_.get()) != CURLM_OK) {
    return WithDelivery(absl::InternalError("libcurl does not take the request"), Delivery::kNotSent);
  }
  absl::StatusOr<CURLcode> const code = Run(limits);
  last_used_ = std::chrono::steady_clock::now();
  if (!code.ok()) {
    absl::Status const status = absl::IsCancelled(code.status()) ? Interrupted(what) : code.status();
    return WithDelivery(status, transfer.sends > 0 ? Delivery::kUnknown : Delivery::kNotSent);
  }
  if (!transfer.source_error.ok()) return WithDelivery(transfer.source_error, Delivery::kUnknown);
  if (*code != CURLE_OK) return Failure(transfer, *code);
  // libcurl is content with an answer that breaks off within its headers.
  if (!transfer.head_complete) return Failure(transfer, CURLE_PARTIAL_FILE);
  Collect(transfer);
  return std::move(transfer.response);
}

absl::Status CurlChannel::Configure(Transfer& transfer) {
  const Request& request = transfer.request;
  transfer.url = route_.endpoint.Url() + TargetOf(request);
  ASSIGN_OR_RETURN(transfer.headers, HeaderList(request));
  EasyOptions options(easy_.get());
  options.Set(CURLOPT_URL, transfer.url.c_str());
  options.Set(CURLOPT_HTTPHEADER, transfer.headers.get());
  SetMethod(options, request);
  SetRoute(options, route_);
  options.Set(CURLOPT_TIMEOUT_MS, Milliseconds(transfer.patience));
  options.Set(CURLOPT_ERRORBUFFER, transfer.text.data());
  options.Set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(route_.max_response_bytes));
  options.Set(CURLOPT_WRITEFUNCTION, &CurlChannel::OnBody);
  options.Set(CURLOPT_WRITEDATA, &transfer);
  if (request.body.has_value() && request.body->source != nullptr) {
    RETURN_IF_ERROR(request.body->source->Rewind());
    options.Set(CURLOPT_READFUNCTION, &CurlChannel::OnRead);
    options.Set(CURLOPT_READDATA, &transfer);
    options.Set(CURLOPT_SEEKFUNCTION, &CurlChannel::OnSeek);
    options.Set(CURLOPT_SEEKDATA, &transfer);
  }
  options.Set(CURLOPT_HEADERFUNCTION, &CurlChannel::OnHeader);
  options.Set(CURLOPT_HEADERDATA, &transfer);
  options.Set(CURLOPT_PREREQFUNCTION, &CurlChannel::OnSend);
  options.Set(CURLOPT_PREREQDATA, &transfer);
  if (route_.endpoint.tls) {
    // OnTls brings the authorities along, read once for all connections.
    options.Set(CURLOPT_CAINFO, static_cast<char*>(nullptr));
    options.Set(CURLOPT_CAPATH, static_cast<char*>(nullptr));
    options.Set(CURLOPT_SSL_VERIFYPEER, route_.trust->verifies() ? 1L : 0L);
    options.Set(CURLOPT_SSL_VERIFYHOST, route_.trust->checks_name() ? 2L : 0L);
    options.Set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    options.Set(CURLOPT_SSL_CTX_FUNCTION, &CurlChannel::OnTls);
    options.Set(CURLOPT_SSL_CTX_DATA, this);
  }
  return options.status();
}

absl::StatusOr<CURLcode> CurlChannel::Run(const CallLimits& limits) {
  // Sooner ends the poll by itself: libcurl's timers, its sockets and the token do that.
  constexpr int kLongestPollMilliseconds = 1000;
  while (true) {
    int running = 0;
    CURLMcode status = curl_multi_perform(multi_.get(), &running);
    int queued = 0;
    const CURLMsg* const message = curl_multi_info_read(multi_.get(), &queued);
    if (message != nullptr && message->msg == CURLMSG_DONE) return message->data.result;
    if (status == CURLM_OK) {
      curl_waitfd cancelled{limits.cancel.fd(), CURL_WAIT_POLLIN, 0};
      unsigned int const count = limits.cancel.fd() >= 0 ? 1 : 0;
      status = curl_multi_poll(multi_.get(), &cancelled, count, kLongestPollMilliseconds, nullptr);
    }
    if (limits.cancel.cancelled()) return absl::CancelledError("");
    if (status != CURLM_OK) {
      return absl::InternalError(ToAbsl(Cat({"libcurl cannot go on: ", curl_multi_strerror(status)})));
    }
  }
}

void CurlChannel::Collect(Transfer& transfer) const {
  Response& response = transfer.response;
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  response.status = static_cast<int>(status);
  std::string const line = PrintableLine(transfer.request);
  response.url = route_.endpoint.Url() + line.substr(line.find(' ') + 1);
  const curl_header* header = nullptr;
  constexpr int kLastRequest = -1;
  while ((header = curl_easy_nextheader(easy_.get(), CURLH_HEADER, kLastRequest,
                                        const_cast<curl_header*>(header))) != nullptr) {
    response.headers.Add(header->name, header->value);
  }
}

absl::Status CurlChannel::Failure(const Transfer& transfer, CURLcode code) const {
  TransferError error = transfer.error;
  error.code = code;
  error.text = transfer.text.data();
  curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &error.system_error);
  curl_easy_getinfo(easy_.get(), CURLINFO_HTTP_CONNECTCODE, &error.proxy_answer);
  error.sent = transfer.sends > 0;
  // Until it is sent, the connection's own patience counts as well.
  bool const own = !error.sent && route_.connect_timeout < transfer.patience;
  error.patience = own ? route_.connect_timeout : transfer.patience;
  error.by_deadline = transfer.by_deadline && !own;
  error.certificate = check_.seen;
  return ToStatus(error, route_, transfer.request);
}

std::size_t CurlChannel::OnBody(char* data, std::size_t size, std::size_t count, void* pointer) {
  auto& transfer = *static_cast<Transfer*>(pointer);
  std::size_t const length = size * count;
  if (length > transfer.max_response_bytes - transfer.response.body.size()) {
    transfer.error.too_large = true;
    return 0;  // ends the transfer
  }
  transfer.response.body.append(data, length);
  return length;
}

std::size_t CurlChannel::OnRead(char* data, std::size_t size, std::size_t count, void* pointer) {
  auto& transfer = *static_cast<Transfer*>(pointer);
  auto const read = transfer.request.body->source->Read({data, size * count});
  if (read.ok()) return *read;
  transfer.source_error = read.status();
  return CURL_READFUNC_ABORT;
}

// libcurl begins anew on a connection that went stale.
int CurlChannel::OnSeek(void* pointer, curl_off_t offset, int origin) {
  auto& transfer = *static_cast<Transfer*>(pointer);
  if (offset != 0 || origin != SEEK_SET) return CURL_SEEKFUNC_FAIL;
  transfer.source_error = transfer.request.body->source->Rewind();
  return transfer.source_error.ok() ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

std::size_t CurlChannel::OnHeader(char* data, std::size_t size, std::size_t count, void* pointer) {
  auto& transfer = *static_cast<Transfer*>(pointer);
  std::string_view const line(data, size * count);
  // Each answer begins so, those of 1xx included; the last one counts.
  if (line.substr(0, 5) == "HTTP/") transfer.response.reason = ReasonOf(line);
  transfer.head_complete = line == "\r\n" || line == "\n";
  return line.size();
}

// Called whenever a connection stands and the request is about to be written. A kept connection may turn out to be
// closed, and libcurl then begins anew by itself. The server may have read the request before it closed, so that is
// fine for what may be repeated only.
int CurlChannel::OnSend(void* pointer, char* /*address*/, char* /*local_address*/, int /*port*/,
                        int /*local_port*/) {
  auto& transfer = *static_cast<Transfer*>(pointer);
  if (transfer.sends > 0 && !IsRepeatable(transfer.request)) return CURL_PREREQFUNC_ABORT;
  ++transfer.sends;
  return CURL_PREREQFUNC_OK;
}

CURLcode CurlChannel::OnTls(CURL* /*easy*/, void* context, void* channel) {
  TlsTrust::Install(static_cast<SSL_CTX*>(context), static_cast<CurlChannel*>(channel)->check_);
  return CURLE_OK;
}

}  // namespace fediversity::http
