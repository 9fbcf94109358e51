import {
  to = fediversity_garage_local_alias.alice
  id = "0464c69ad0c0dbc82a1244a59097cc05a5a690a8c9b5f8c6e7eefd115eac7c00/GK31c2f218a2e44f485b94239e/media"
}
