#ifndef FEDIVERSITY_PROVIDER_HTTP_CURL_HANDLE_H_
#define FEDIVERSITY_PROVIDER_HTTP_CURL_HANDLE_H_

#include <curl/curl.h>

#include <memory>

namespace fediversity::http {

// Owners of what libcurl hands out. CURL and CURLM are the same type in C, so the function tells them apart.
template <auto kFree>
struct CurlDeleter {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using CurlEasy = std::unique_ptr<CURL, CurlDeleter<curl_easy_cleanup>>;
using CurlMulti = std::unique_ptr<CURLM, CurlDeleter<curl_multi_cleanup>>;
using CurlList = std::unique_ptr<curl_slist, CurlDeleter<curl_slist_free_all>>;
using CurlUrl = std::unique_ptr<CURLU, CurlDeleter<curl_url_cleanup>>;
using CurlText = std::unique_ptr<char, CurlDeleter<curl_free>>;

}  // namespace fediversity::http

#endif  // FEDIVERSITY_PROVIDER_HTTP_CURL_HANDLE_H_
