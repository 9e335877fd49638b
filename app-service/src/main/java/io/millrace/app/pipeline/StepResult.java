package io.millrace.app.pipeline;

import io.millrace.app.features.FeatureTable;
import io.millrace.app.inference.Inference;
import io.millrace.app.retrieval.Candidate;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What a step gives to those after it. Arrays are never changed once they are in a result. */
sealed interface StepResult {

    /** The features of the request's entity: row 0. */
    record Row(FeatureTable features) implements StepResult {}

    /** What a retrieval found, best first. */
    record Candidates(List<Candidate> list) implements StepResult {
        public Candidates {
            list = List.copyOf(list);
        }
    }

    /**
     * The features of candidates.
     *
     * @param features row {@code k} belongs to candidate {@code k}
     * @param kept the candidates that go on
     */
    record Rows(Candidates candidates, FeatureTable features, int[] kept) implements StepResult {

        /** All candidates. */
        static Rows all(Candidates candidates, FeatureTable features) {
            return new Rows(
                    candidates,
                    features,
                    IntStream.range(0, candidates.list().size()).toArray());
        }
    }

    /** What a model gave for the request. */
    record Outputs(Inference inference) implements StepResult {}

    /**
     * Candidates with their scores.
     *
     * @param rows which candidates
     * @param scores one for each row that was kept
     * @param inference the model's answer, or {@code null} where no model made the scores
     */
    record Ranking(Rows rows, double[] scores, @Nullable Inference inference) implements StepResult {}

    /** The results, best first. */
    record Answer(List<Prediction.Result> results) implements StepResult {
        public Answer {
            results = List.copyOf(results);
        }
    }
}
