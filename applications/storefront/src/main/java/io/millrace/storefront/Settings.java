package io.millrace.storefront;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where the running system is, from the environment; the defaults are those of {@code ./millrace up}.
 *
 * @param gateway {@code MILLRACE_GATEWAY_URL}
 * @param keyFile {@code MILLRACE_KEY_FILE}, with the key that the gateway demands
 * @param features {@code MILLRACE_FEATURE_URL}
 * @param kafka {@code MILLRACE_KAFKA}, the bootstrap servers
 * @param repository {@code MILLRACE_INFERENCE_REPOSITORY}, where models go
 * @param state {@code MILLRACE_STATE_DIR}, where reports go
 */
record Settings(URI gateway, Path keyFile, URI features, String kafka, Path repository, Path state) {

    static Settings from(Map<String, String> environment) {
        return new Settings(
                URI.create(environment.getOrDefault("MILLRACE_GATEWAY_URL", "http://127.0.0.1:8080")),
                Path.of(environment.getOrDefault("MILLRACE_KEY_FILE", ".millrace/demo-key")),
                URI.create(environment.getOrDefault("MILLRACE_FEATURE_URL", "http://127.0.0.1:8082")),
                environment.getOrDefault("MILLRACE_KAFKA", "127.0.0.1:8092"),
                Path.of(environment.getOrDefault("MILLRACE_INFERENCE_REPOSITORY", ".millrace/models")),
                Path.of(environment.getOrDefault("MILLRACE_STATE_DIR", ".millrace/storefront")));
    }

    String key() throws IOException {
        if (!Files.isReadable(keyFile)) {
            throw new IOException("there is no key in %s: start the system with ./millrace up, or set MILLRACE_KEY_FILE"
                    .formatted(keyFile));
        }
        return Files.readString(keyFile).strip();
    }
}
