package io.millrace.inference.repository;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where models come from.
 *
 * @param repository the model repository's folder, which may come into being later
 * @param scanInterval how often it is looked through
 * @param keptVersions how many of a model's newest good versions are loaded
 */
@ConfigurationProperties("millrace.inference")
record RepositoryProperties(
        @DefaultValue(".millrace/models") Path repository,
        @DefaultValue("1s") Duration scanInterval,
        @DefaultValue("2") int keptVersions) {

    RepositoryProperties {
        if (!scanInterval.isPositive()) {
            throw new IllegalArgumentException("millrace.inference.scan-interval: write a time above zero");
        }
        if (keptVersions < 1) {
            throw new IllegalArgumentException("millrace.inference.kept-versions: write at least 1");
        }
    }
}
