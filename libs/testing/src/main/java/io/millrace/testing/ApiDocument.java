package io.millrace.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The OpenAPI document that the gateway serves. */
public final class ApiDocument {

    private static final Path FILE = Path.of("../gateway-service/src/main/resources/openapi.json");

    private ApiDocument() {}

    /**
     * The operations of a service, as {@code GET /v1/applications/{name}}.
     *
     * @param tag {@code app}, {@code feature}, {@code vector}, {@code inference} or {@code gateway}
     */
    public static Set<String> operations(String tag) {
        Set<String> operations = new TreeSet<>();
        try {
            JsonNode paths = new JsonMapper().readTree(Files.readString(FILE)).path("paths");
            paths.forEachEntry((path, methods) -> methods.forEachEntry((method, operation) -> {
                if (operation.path("tags").path(0).stringValue().equals(tag)) {
                    operations.add(method.toUpperCase(Locale.ROOT) + " " + path);
                }
            }));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return operations;
    }
}
