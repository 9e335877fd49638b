package io.millrace.inference.batching;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.inference.model.BatchResult;
import io.millrace.inference.model.Datatype;
import io.millrace.inference.model.GraphSignature;
import io.millrace.inference.model.LoadedModel;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.ModelInputs;
import io.millrace.inference.model.ModelInstance;
import io.millrace.inference.model.Scheduling;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RunTimesTest {

    @Test
    void theBestBatchIsTheSmallestThatIsNearlyAsFastPerRowAsTheFastest() {
        // Rows a microsecond: 0.01, 0.040, 0.043, 0.047.
        assertThat(times(1, 100, 8, 200, 16, 370, 64, 1360).bestBatchSize()).isEqualTo(16);
        assertThat(times(1, 100, 2, 200, 4, 400).bestBatchSize()).isEqualTo(1);
        assertThat(times(1, 100, 2, 100, 4, 100).bestBatchSize()).isEqualTo(4);
    }

    @Test
    void betweenTwoSizesTheTimeGrowsEvenly() {
        RunTimes times = times(1, 100, 4, 400, 16, 1000);

        assertThat(times.nanos(1)).isEqualTo(100);
        assertThat(times.nanos(3)).isEqualTo(300);
        assertThat(times.nanos(10)).isEqualTo(700);
        assertThat(times.nanos(16)).isEqualTo(1000);
    }

    @Test
    void whatRunsCorrectsThePrediction() {
        RunTimes times = times(1, 100, 4, 400, 16, 1000);

        times.observed(4, 800);
        assertThat(times.nanos(4)).isEqualTo(440);
        assertThat(times.nanos(1)).isEqualTo(110);

        for (int i = 0; i < 200; i++) {
            times.observed(10, 1400);
        }
        assertThat(times.nanos(10)).isEqualTo(1400);
        assertThat(times.nanos(1)).isEqualTo(200);
    }

    @Test
    void oneInterruptedRunIsHardlyBelieved() {
        RunTimes times = times(1, 100, 4, 400);

        times.observed(4, 1_000_000);

        assertThat(times.nanos(4)).isEqualTo(520);
    }

    @Test
    void measuresEachSizeOftenEnoughThatAnInterruptionDoesNotCount() {
        // A microsecond for a run and another for each row; the first run of each size is interrupted for 50 ms.
        var engine = new Clockwork(50_000_000);
        RunTimes times = RunTimes.measure(definition(6), engine, () -> engine.now);

        assertThat(times.nanos(1)).isEqualTo(2000);
        assertThat(times.nanos(4)).isEqualTo(5000);
        assertThat(times.nanos(6)).isEqualTo(7000);
        assertThat(times.bestBatchSize()).isEqualTo(4);
        assertThat(engine.runs).containsOnlyKeys(1, 2, 4, 6);
    }

    @Test
    void aModelThatIsSlowRunsOnce() {
        var engine = new Clockwork(300_000_000);
        RunTimes.measure(definition(2), engine, () -> engine.now);

        assertThat(engine.runs).isEqualTo(Map.of(1, 1, 2, 1));
    }

    private static ModelDefinition definition(int maxBatchSize) {
        return new ModelDefinition(
                "onnx_onnxv1",
                new Scheduling(maxBatchSize, Duration.ZERO, 64, 1, Duration.ofSeconds(1)),
                null,
                List.of(new ModelDefinition.Input("x", Datatype.INT64, 1, List.of(0))),
                List.of(new ModelDefinition.Output("x", Datatype.INT64)),
                "[]",
                "abc");
    }

    /** An engine that only takes time. */
    private static final class Clockwork implements LoadedModel, ModelInstance {

        final Map<Integer, Integer> runs = new TreeMap<>();
        private final long interruption;
        long now;

        Clockwork(long interruption) {
            this.interruption = interruption;
        }

        @Override
        public BatchResult run(List<ModelInputs> batch) {
            int rows = batch.getFirst().rows();
            int before = runs.getOrDefault(rows, 0);
            runs.put(rows, before + 1);
            now += 1000 + 1000L * rows + (before == 0 ? interruption : 0);
            return new BatchResult(List.of(batch.getFirst().tensors()), 0, 0, 0);
        }

        @Override
        public GraphSignature graph() {
            return new GraphSignature(List.of(), List.of());
        }

        @Override
        public ModelInstance newInstance() {
            return this;
        }

        @Override
        public void close() {}
    }

    static RunTimes times(long... rowsAndNanos) {
        var measured = new TreeMap<Integer, Long>();
        for (int i = 0; i < rowsAndNanos.length; i += 2) {
            measured.put((int) rowsAndNanos[i], rowsAndNanos[i + 1]);
        }
        return new RunTimes(measured);
    }
}
