/* Which form of an answer a client asks for in its Accept header. */
#pragma once

enum media {
    MEDIA_NONE, /* nothing that can be given: 406 */
    MEDIA_JSON,
    MEDIA_TABLE,         /* as=Table of meta.k8s.io/v1 */
    MEDIA_METADATA,      /* as=PartialObjectMetadata */
    MEDIA_METADATA_LIST, /* as=PartialObjectMetadataList */
    MEDIA_DISCOVERY,     /* as=APIGroupDiscoveryList of apidiscovery.k8s.io/v2 */
    MEDIA_DISCOVERY_BETA /* … v2beta1 */
};

/* The first range of `accept` that this server has. NULL or empty: plain JSON. Protobuf is not offered. */
enum media media_accepted(const char *accept);
