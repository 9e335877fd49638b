package io.millrace.inference.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.inference.model.InferenceException.DeadlineExceeded;
import io.millrace.inference.model.Tensor;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OpenCallsTest {

    private static final long NOW = Long.MAX_VALUE; // the clock may wrap

    private final OpenCalls open = new OpenCalls();

    @Test
    void endsThoseWhoseTimeIsOver() {
        var over = new CompletableFuture<List<Tensor>>();
        var left = new CompletableFuture<List<Tensor>>();
        open.add(over, NOW);
        open.add(left, NOW + 1);

        open.end(NOW);

        assertThat(over).isCompletedExceptionally();
        assertThat(over.exceptionNow()).isInstanceOf(DeadlineExceeded.class);
        assertThat(left).isNotDone();
    }

    @Test
    void forgetsThoseThatAreDone() {
        var done = new CompletableFuture<List<Tensor>>();
        open.add(done, NOW);
        open.remove(done);

        open.end(NOW);

        assertThat(done).isNotDone();
    }
}
