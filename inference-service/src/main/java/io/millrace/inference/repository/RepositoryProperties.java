package io.millrace.inference.repository;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Where models come from.
 *
 * @param repository the model repository's folder, which may come into being later
 * @param scanInterval how often it is looked through
 * @param keptVersions how many of a model's newest good versions are loaded, if its description does not say
 * @param control {@code POLL} loads what lies in the repository; {@code EXPLICIT} what is asked for
 * @param load the models that are loaded at the start where control is explicit
 * @param proof how versions are tried out before they are loaded
 */
@ConfigurationProperties("millrace.inference")
record RepositoryProperties(
        @DefaultValue(".millrace/models") Path repository,
        @DefaultValue("1s") Duration scanInterval,
        @DefaultValue("2") int keptVersions,
        @DefaultValue("POLL") Control control,
        @DefaultValue List<String> load,
        @DefaultValue Proof proof) {

    enum Control {
        POLL,
        EXPLICIT
    }

    /**
     * The child process that loads each version first.
     *
     * @param enabled without it, a file that crashes the engine ends the service
     * @param timeLimit for loading and warming up one version
     * @param memoryLimit of the child's address space, which is what a model may take; zero does not bound it
     */
    record Proof(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("60s") Duration timeLimit,
            @DefaultValue("8GB") DataSize memoryLimit) {

        Proof {
            if (!timeLimit.isPositive()) {
                throw new IllegalArgumentException("millrace.inference.proof.time-limit: write a time above zero");
            }
        }
    }

    RepositoryProperties {
        if (!scanInterval.isPositive()) {
            throw new IllegalArgumentException("millrace.inference.scan-interval: write a time above zero");
        }
        load = List.copyOf(load);
        if (!load.isEmpty() && control == Control.POLL) {
            throw new IllegalArgumentException("millrace.inference.load: is for millrace.inference.control=explicit");
        }
        if (keptVersions < 1) {
            throw new IllegalArgumentException("millrace.inference.kept-versions: write at least 1");
        }
    }
}
