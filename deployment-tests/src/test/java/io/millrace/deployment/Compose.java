package io.millrace.deployment;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** {@code docker-compose.yml}, with those of its fields that Millrace uses. */
record Compose(String name, Map<String, Service> services, Map<String, Volume> volumes) {

    record Volume() {}

    record Service(
            String image,
            Optional<Build> build,
            List<String> command,
            Map<String, String> environment,
            @JsonProperty("depends_on") Map<String, Dependency> dependsOn,
            List<String> volumes,
            List<String> ports,
            Optional<Health> healthcheck,
            @JsonProperty("mem_limit") String memLimit,
            Optional<String> restart,
            @JsonProperty("read_only") Optional<Boolean> readOnly,
            List<String> tmpfs,
            @JsonProperty("cap_drop") List<String> capDrop,
            @JsonProperty("security_opt") List<String> securityOpt) {}

    record Build(String context, Optional<String> target, Map<String, String> args) {}

    record Dependency(String condition) {}

    record Health(
            List<String> test,
            String interval,
            String timeout,
            int retries,
            @JsonProperty("start_period") Optional<String> startPeriod) {}

    Service service(String called) {
        return Objects.requireNonNull(services.get(called), called);
    }

    /** What begins with {@code x-} is there to be referred to, and is read where that is done. */
    static Compose read() {
        var fields = new LinkedHashMap<Object, Object>(StrictFile.mapping("docker-compose.yml"));
        fields.keySet().removeIf(key -> key.toString().startsWith("x-"));
        return StrictFile.STRICT.convertValue(fields, Compose.class);
    }
}
