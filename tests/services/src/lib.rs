//! Real services for tests: PostgreSQL, NATS with JetStream, an OCI registry; started on free ports, ended with the test.
