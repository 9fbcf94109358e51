#ifndef FEDIVERSITY_TESTS_SUPPORT_NAMED_FRAME_RELAY_H_
#define FEDIVERSITY_TESTS_SUPPORT_NAMED_FRAME_RELAY_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace fediversity::testing {

// Stands between a DNS client and a server on 127.0.0.1 and does to the messages (DNS over TCP, without their
// length) what a bad network or server would. Hooks run on threads of the relay, one at a time.
class FrameRelay {
 public:
  enum class Action {
    kForward,     // pass the message on, as the hook has changed it
    kDrop,        // swallow it, and keep the connection
    kDisconnect,  // swallow it, and close both sides
  };
  using Hook = std::function<Action(std::string& message)>;
  struct Hooks {
    Hook request;  // none: forward
    Hook answer;
  };

  FrameRelay(std::uint16_t server_port, Hooks hooks);
  ~FrameRelay();
  FrameRelay(const FrameRelay&) = delete;
  FrameRelay& operator=(const FrameRelay&) = delete;

  std::uint16_t port() const { return port_; }
  int connections() const { return connections_; }
  // Closes the connections there are; new ones are accepted.
  void DisconnectAll();

 private:
  void Accept();
  void Serve(int client);
  // Moves one message from one side to the other; false once the connection is over.
  bool Move(int from, int to, const Hook& hook);

  std::uint16_t const server_port_;
  Hooks const hooks_;
  int listener_;
  int stop_[2];  // a pipe; readable at the end
  std::uint16_t port_ = 0;
  std::atomic<int> connections_ = 0;
  std::mutex hook_mutex_;
  std::mutex mutex_;  // guards what follows
  std::vector<int> clients_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace fediversity::testing

#endif  // FEDIVERSITY_TESTS_SUPPORT_NAMED_FRAME_RELAY_H_
