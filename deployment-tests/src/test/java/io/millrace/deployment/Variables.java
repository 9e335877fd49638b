package io.millrace.deployment;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The environment variables that somebody reads: those of a service's {@code application.yml}, and those that stand for a
 * property of Spring Boot, which lists its own in its jars.
 */
final class Variables {

    private static final Set<String> OF_THE_JVM = Set.of("JAVA_TOOL_OPTIONS", "MALLOC_ARENA_MAX");

    private final Set<String> ofSpring = new HashSet<>();

    Variables() {
        try {
            var lists = Variables.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json");
            for (URL list : Collections.list(lists)) {
                try (InputStream in = list.openStream()) {
                    for (JsonNode property : StrictFile.STRICT.readTree(in).path("properties")) {
                        if (!property.path("deprecated").asBoolean(false)) {
                            String name = property.path("name").asString();
                            ofSpring.add(variable(name.replace("-", "")));
                            ofSpring.add(variable(name.replace('-', '_')));
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Spring Boot takes a hyphen for nothing or for an underscore. */
    private static String variable(String property) {
        return property.replace('.', '_').toUpperCase(Locale.ROOT);
    }

    boolean reads(ServiceConfiguration service, String variable) {
        return service.variables().contains(variable) || ofSpring.contains(variable) || OF_THE_JVM.contains(variable);
    }
}
