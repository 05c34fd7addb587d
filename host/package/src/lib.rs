//! A plugin as it travels: component, digest, the author's signature; to and from OCI registries.
