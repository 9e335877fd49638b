package io.millrace.storefront;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** JSON files that say what a command did. */
final class Reports {

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private Reports() {}

    static byte[] json(Object report) {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(report);
    }

    static void write(Path file, Object report) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, json(report));
    }
}
