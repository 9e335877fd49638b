package io.millrace.local.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentAddressesTest {

    private static final Map<String, String> ALL = Map.of(
            "MILLRACE_GATEWAY_URL", "http://gateway-service:8080",
            "MILLRACE_APP_URL", "http://app-service:8081",
            "MILLRACE_FEATURE_URL", "http://feature-service:8082",
            "MILLRACE_VECTOR_URL", "http://vector-service:8083",
            "MILLRACE_INFERENCE_URL", "http://inference-service:8084",
            "MILLRACE_KAFKA", "kafka:9092");

    @Test
    void eachServiceIsWhereItsVariableSays() {
        var addresses = new EnvironmentAddresses(ALL);

        assertThat(Service.values())
                .allSatisfy(
                        service -> assertThat(addresses.url(service)).startsWith("http://" + service.title() + ":"));
        assertThat(addresses.kafkaBootstrap()).isEqualTo("kafka:9092");
    }

    @Test
    void saysWhichVariableIsMissing() {
        var without = new HashMap<>(ALL);
        without.remove("MILLRACE_VECTOR_URL");

        assertThatThrownBy(() -> new EnvironmentAddresses(without)).hasMessageContaining("MILLRACE_VECTOR_URL");
    }
}
