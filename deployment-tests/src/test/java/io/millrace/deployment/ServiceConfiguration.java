package io.millrace.deployment;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a service's own {@code application.yml} says: where it listens and which variables it reads.
 *
 * @param grpc its port for gRPC, where it serves that
 * @param variables the {@code MILLRACE_…} that are read
 */
record ServiceConfiguration(String name, int http, int management, Optional<Integer> grpc, Set<String> variables) {

    static final List<String> NAMES =
            List.of("gateway-service", "app-service", "feature-service", "vector-service", "inference-service");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(MILLRACE_[A-Z_]+)");

    static List<ServiceConfiguration> all() {
        return NAMES.stream().map(ServiceConfiguration::of).toList();
    }

    static ServiceConfiguration of(String name) {
        String file = name + "/src/main/resources/application.yml";
        Map<?, ?> yaml = StrictFile.mapping(file);
        return new ServiceConfiguration(
                name,
                port(yaml, "server.port").orElseThrow(),
                port(yaml, "management.server.port").orElseThrow(),
                port(yaml, "spring.grpc.server.port"),
                PLACEHOLDER
                        .matcher(StrictFile.text(file))
                        .results()
                        .map(each -> each.group(1))
                        .collect(toUnmodifiableSet()));
    }

    /** Every port that it listens on, by the name that the manifests give it. */
    Map<String, Integer> ports() {
        return grpc.isPresent()
                ? Map.of("http", http, "management", management, "grpc", grpc.get())
                : Map.of("http", http, "management", management);
    }

    private static Optional<Integer> port(Map<?, ?> yaml, String path) {
        @Nullable Object value = yaml;
        for (String key : Arrays.asList(path.split("\\."))) {
            value = value instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return Stream.ofNullable(value).map(Integer.class::cast).findFirst();
    }
}
