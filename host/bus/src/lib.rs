//! What spreads over replicas: changes to all of them, jobs to one of them. NATS JetStream, or this process alone.
