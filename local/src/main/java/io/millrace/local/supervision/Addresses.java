package io.millrace.local.supervision;

/** Where the services of one Millrace are, for what speaks to them. */
public interface Addresses {

    /** The base address of a service's HTTP API. */
    String url(Service service);

    /** Where Kafka's clients find it. */
    String kafkaBootstrap();
}
