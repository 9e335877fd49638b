package io.millrace.inference.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.inference.repository.ModelRepository.IndexEntry;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The messages of Triton's model repository extension over HTTP. */
final class RepositoryJson {

    private RepositoryJson() {}

    /** @param ready whether only what answers is asked for */
    record IndexRequest(@Nullable Boolean ready) {}

    record ControlRequest(@Nullable Map<String, Object> parameters) {}

    /** @param version {@code null} where no version of the model is loaded, refused or on its way */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Entry(String name, @Nullable String version, String state, String reason) {

        static Entry of(IndexEntry entry) {
            return new Entry(
                    entry.model(),
                    entry.version() == null ? null : entry.version().toString(),
                    entry.state().name(),
                    entry.reason());
        }
    }
}
