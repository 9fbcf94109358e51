#ifndef FEDIVERSITY_PROVIDER_RPC_SCHEMA_PROTO_H_
#define FEDIVERSITY_PROVIDER_RPC_SCHEMA_PROTO_H_

#include "proto/tfplugin6.pb.h"
#include "provider/schema/provider.h"
#include "provider/schema/table.h"

namespace fediversity::rpc {

// A finished table as hosts are told about it. Attributes only: nested objects are nested attributes.
tfplugin6::Schema ToSchema(const schema::Table& table);

// Of a table that has an identity.
tfplugin6::ResourceIdentitySchema ToIdentitySchema(const schema::Table& table);

tfplugin6::ServerCapabilities OurCapabilities();
tfplugin6::GetProviderSchema::Response DescribeProvider(const schema::Provider& provider);
tfplugin6::GetProviderMetadata::Response ListProvider(const schema::Provider& provider);
tfplugin6::GetResourceIdentitySchemas::Response DescribeIdentities(const schema::Provider& provider);

}  // namespace fediversity::rpc

#endif  // FEDIVERSITY_PROVIDER_RPC_SCHEMA_PROTO_H_
