package io.millrace.inference.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.millrace.inference.model.InferenceException;
import io.millrace.inference.model.InferenceException.DeadlineExceeded;
import io.millrace.inference.model.InferenceException.QueueFull;
import io.millrace.inference.model.InferenceException.WouldBeLate;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InferControllerTest {

    @Test
    void aRefusalAtTheDoorSaysWhenToTryAgain() {
        assertThat(retryAfter(new QueueFull("full", Duration.ofMillis(1500)))).isEqualTo("1500");
        assertThat(retryAfter(new WouldBeLate("late", Duration.ofNanos(1)))).isEqualTo("1");
    }

    @Test
    void nothingElseDoes() {
        assertThat(retryAfter(new DeadlineExceeded())).isNull();
    }

    private static @Nullable String retryAfter(InferenceException error) {
        return InferController.trailers(error)
                .get(Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER));
    }
}
