#include "provider/http/transfer_error.h"

#include <openssl/x509_vfy.h>

#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "provider/base/text.h"
#include "provider/http/delivery.h"

namespace fediversity::http {
namespace {

struct Finding {
  absl::StatusCode code;
  std::string summary;
  std::string detail;
};

std::string SystemErrorText(long error) {
  if (error == 0) return {};
  std::array<char, 256> buffer{};
  return strerror_r(static_cast<int>(error), buffer.data(), buffer.size());  // GNU's, which answers the text
}

// libcurl's own words as a sentence at the end of a detail.
std::string Quoted(const TransferError& error) {
  std::string text = error.text.empty() ? curl_easy_strerror(error.code) : ValidUtf8(error.text);
  while (!text.empty() && (text.back() == '.' || text.back() == '\n')) text.pop_back();
  return text;
}

std::string ProxyText(const Proxy& proxy) {
  return Cat({"the proxy ", proxy.printable, " that ", proxy.variable, " names"});
}

Finding NotReached(const TransferError& error, const Route& route) {
  bool const proxy = route.proxy.has_value();
  std::string reason = SystemErrorText(error.system_error);
  if (reason.empty()) reason = Quoted(error);
  return {absl::StatusCode::kUnavailable,
          Cat({"cannot connect to ", proxy ? ProxyText(*route.proxy) : route.Server()}),
          Cat({reason, ". Check the address and port, that the ", proxy ? "proxy" : "service",
               " runs, and that no firewall is in the way."})};
}

Finding TimedOut(const TransferError& error, const Route& route) {
  absl::StatusCode const code =
      error.by_deadline ? absl::StatusCode::kDeadlineExceeded : absl::StatusCode::kUnavailable;
  std::string const patience = absl::FormatDuration(error.patience);
  if (error.sent) {
    return {code, Cat({route.Server(), " gave no complete answer within ", patience}),
            "The request was sent. The service may be overloaded, or wait for something itself."};
  }
  return {code, Cat({"no connection to ", route.Server(), " within ", patience}),
          Cat({route.proxy.has_value() ? Cat({"It was tried through ", ProxyText(*route.proxy), ". "})
                                       : std::string(),
               "Check the address and port, and that no firewall drops the packets."})};
}

Finding ProxyRefused(const TransferError& error, const Route& route) {
  bool const authentication = error.proxy_answer == 407;
  return {authentication ? absl::StatusCode::kFailedPrecondition : absl::StatusCode::kUnavailable,
          Cat({"the proxy ", route.proxy->printable, " gives no way to ", route.Server()}),
          Cat({"It answered ", absl::StrCat(error.proxy_answer),
               authentication ? ": it wants a user and a password. Put them into "
                              : ". Allow the host there, or list it in NO_PROXY. The proxy is named by ",
               route.proxy->variable, authentication ? " as http://user:password@host:port." : "."})};
}

Finding RefusedServer(const TransferError& error, const Route& route) {
  return {absl::StatusCode::kFailedPrecondition, Cat({"cannot trust the certificate of ", route.Server()}),
          RefusedCertificate(error.certificate, route)};
}

Finding BadTls(const TransferError& error, const Route& route) {
  // After the certificate was refused, OpenSSL's last error is not always the one that says so.
  if (error.certificate.shown && error.certificate.verify_error != X509_V_OK)
    return RefusedServer(error, route);
  // The two did not understand each other; without such an error the connection broke during the handshake.
  bool const definite =
      absl::StrContains(error.text, ":SSL routines:") && !absl::StrContains(error.text, "unexpected eof");
  std::string detail = Cat({Quoted(error), "."});
  if (absl::StrContains(error.text, "wrong version number")) {
    detail += " What answers there does not speak TLS: check the port, or use http:// in the URL.";
  }
  return {definite ? absl::StatusCode::kFailedPrecondition : absl::StatusCode::kUnavailable,
          Cat({"no TLS connection to ", route.Server()}), detail};
}

Finding Broken(const TransferError& error, const Route& route) {
  // The callback is ours, and refuses to send a write a second time.
  bool const kept = error.code == CURLE_ABORTED_BY_CALLBACK;
  return {absl::StatusCode::kUnavailable, Cat({"the connection to ", route.Server(), " broke"}),
          kept ? "The server closed a kept connection while the request was on its way."
               : Cat({Quoted(error), "."})};
}

Finding TooLarge(const Route& route) {
  return {absl::StatusCode::kResourceExhausted, Cat({"the answer of ", route.Server(), " is too large"}),
          Cat({"More than ", absl::StrCat(route.max_response_bytes), " bytes are not read."})};
}

Finding NotHttp(const TransferError& error, const Route& route) {
  return {
      absl::StatusCode::kFailedPrecondition, Cat({route.Server(), " does not speak HTTP"}),
      Cat({Quoted(error), ". Check the port, and whether the URL has to begin with https:// or http://."})};
}

Finding Find(const TransferError& error, const Route& route) {
  if (error.too_large) return TooLarge(route);
  if (error.proxy_answer >= 300 && !error.sent) return ProxyRefused(error, route);
  switch (error.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return {absl::StatusCode::kUnavailable, Cat({"cannot resolve ", route.endpoint.host}),
              Cat({Quoted(error), ". Check the name, and that the DNS server of this machine knows it."})};
    case CURLE_COULDNT_RESOLVE_PROXY:
      return {absl::StatusCode::kUnavailable, Cat({"cannot resolve ", ProxyText(*route.proxy)}),
              Cat({Quoted(error),
                   ". Check the variable, and that the DNS server of this machine knows the name."})};
    case CURLE_COULDNT_CONNECT: return NotReached(error, route);
    case CURLE_PROXY:
      return {absl::StatusCode::kUnavailable,
              Cat({ProxyText(*route.proxy), " gives no way to ", route.Server()}), Cat({Quoted(error), "."})};
    case CURLE_OPERATION_TIMEDOUT: return TimedOut(error, route);
    case CURLE_PEER_FAILED_VERIFICATION:
      // With a good chain it is the name that is wrong.
      return error.certificate.shown ? RefusedServer(error, route) : BadTls(error, route);
    case CURLE_SSL_CONNECT_ERROR: return BadTls(error, route);
    case CURLE_FILESIZE_EXCEEDED: return TooLarge(route);
    case CURLE_UNSUPPORTED_PROTOCOL:  // libcurl's code for what it takes for HTTP/0.9
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING: return NotHttp(error, route);
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_ABORTED_BY_CALLBACK: return Broken(error, route);
    case CURLE_OUT_OF_MEMORY: return {absl::StatusCode::kResourceExhausted, "out of memory", Quoted(error)};
    default:
      return {absl::StatusCode::kInternal, Cat({"the request to ", route.Server(), " failed"}),
              Cat({Quoted(error), " (libcurl's error ", absl::StrCat(static_cast<int>(error.code)), ")."})};
  }
}

}  // namespace

absl::Status ToStatus(const TransferError& error, const Route& route, const Request& request) {
  Finding const finding = Find(error, route);
  std::string message = Cat({finding.summary, "\n", PrintableLine(request), ": ", finding.detail});
  if (error.sent && !IsRepeatable(request)) {
    message += "\nThe service may have carried out the request although no answer came.";
  }
  return WithDelivery({finding.code, WithoutSecrets(std::move(message), request)},
                      error.sent ? Delivery::kUnknown : Delivery::kNotSent);
}

}  // namespace fediversity::http
