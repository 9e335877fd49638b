package io.millrace.storefront.training;

import io.millrace.storefront.checkpoint.Checkpoints;
import io.millrace.storefront.checkpoint.TrainingKey;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Asks for each training set once, also when the training is cut off and goes on later: an event that came late would have
 * changed what the features of a moment were.
 */
final class KeptTrainingSets implements TrainingSets {

    private final TrainingSets source;
    private final Checkpoints checkpoints;

    KeptTrainingSets(TrainingSets source, Checkpoints checkpoints) {
        this.source = source;
        this.checkpoints = checkpoints;
    }

    @Override
    public FeatureTable at(String featureService, List<String> entities, long[] micros) {
        TrainingKey question = new TrainingKey().add(featureService);
        entities.forEach(question::add);
        for (long moment : micros) {
            question.add(moment);
        }
        String stage = featureService + " " + HexFormat.of().formatHex(question.toBytes(), 0, 8);
        Optional<byte[]> kept = checkpoints.find(stage);
        if (kept.isPresent()) {
            return FeatureTableCodec.decode(kept.get());
        }
        FeatureTable table = source.at(featureService, entities, micros);
        checkpoints.keep(stage, FeatureTableCodec.encode(table));
        return table;
    }
}
