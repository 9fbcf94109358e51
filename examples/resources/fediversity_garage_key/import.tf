import {
  to = fediversity_garage_key.media
  id = "GK31c2f218a2e44f485b94239e"
}
