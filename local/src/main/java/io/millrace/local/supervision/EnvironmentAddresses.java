package io.millrace.local.supervision;

import java.util.Map;

/** The addresses that the environment names, for services that somebody else has started: containers, a cluster. */
public final class EnvironmentAddresses implements Addresses {

    private final Map<String, String> environment;

    /** @throws IllegalArgumentException that says which variable is missing */
    public EnvironmentAddresses(Map<String, String> environment) {
        this.environment = environment;
        for (Service service : Service.values()) {
            url(service);
        }
        kafkaBootstrap();
    }

    @Override
    public String url(Service service) {
        return named(
                switch (service) {
                    case GATEWAY -> "MILLRACE_GATEWAY_URL";
                    case APP -> "MILLRACE_APP_URL";
                    case FEATURE -> "MILLRACE_FEATURE_URL";
                    case VECTOR -> "MILLRACE_VECTOR_URL";
                    case INFERENCE -> "MILLRACE_INFERENCE_URL";
                });
    }

    @Override
    public String kafkaBootstrap() {
        return named("MILLRACE_KAFKA");
    }

    private String named(String variable) {
        String value = environment.getOrDefault(variable, "").strip();
        if (value.isEmpty()) {
            throw new IllegalArgumentException(variable + " is not set; it says where to find a running part.");
        }
        return value;
    }
}
