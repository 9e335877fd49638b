package io.millrace.storefront;

import io.millrace.onnx.OnnxGraph;
import io.millrace.storefront.checkpoint.TrainingKey;
import io.millrace.storefront.checkpoint.UnfinishedTraining;
import io.millrace.storefront.features.TrainingSetClient;
import io.millrace.storefront.publication.ModelRepository;
import io.millrace.storefront.publication.PopularItems;
import io.millrace.storefront.stream.EventTopic;
import io.millrace.storefront.stream.PointTopic;
import io.millrace.storefront.training.InteractionLog;
import io.millrace.storefront.training.TrainedModels;
import io.millrace.storefront.training.Trainer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Trains on all events so far and publishes: the item vectors before the towers that make queries for them, the ranker
 * before the towers whose scores it reads. Who sees the item tower knows that the vectors of all items that it does not need
 * to embed are out.
 *
 * <p>A training that was cut off goes on: with the same events, from the first stage that it had not finished.
 */
record TrainCommand(Settings settings, InstantSource clock, Consumer<String> progress) {

    private static final String COLLECTION = "storefront-items";

    /** In the state folder: what a training that was cut off has finished. */
    private static final String UNFINISHED = "unfinished-training";

    void run(List<String> words) throws IOException, InterruptedException {
        Arguments arguments = new Arguments(words, List.of("seed"));
        long start = System.nanoTime();
        long seed = arguments.number("seed", 1);
        try (TrainingSetClient sets = new TrainingSetClient(settings.features());
                UnfinishedTraining training =
                        UnfinishedTraining.in(settings.state().resolve(UNFINISHED), progress)) {
            InteractionLog log = training.input(
                    clock.instant(),
                    () -> EventTopic.ends(settings.kafka()),
                    (ends, key) -> read(ends, key, sets, seed));
            progress.accept("%,d interactions by %,d customers with %,d items"
                    .formatted(log.size(), log.customers().size(), log.items().size()));
            publish(new Trainer(log, sets, seed, training.checkpoints(), progress).train());
            training.finish();
        }
        progress.accept("trained in %d s".formatted((System.nanoTime() - start) / 1_000_000_000));
    }

    /** Reads the events, and says to the key what the models will be made of. */
    private InteractionLog read(Map<Integer, Long> ends, TrainingKey key, TrainingSetClient sets, long seed) {
        InteractionLog log = EventTopic.read(settings.kafka(), ends, progress);
        log.addTo(key);
        key.add(seed).add(sets.definitions()).addProgramOf(Trainer.class).addProgramOf(OnnxGraph.class);
        return log;
    }

    private void publish(TrainedModels models) throws IOException, InterruptedException {
        Instant now = clock.instant();
        ModelRepository repository = new ModelRepository(settings.repository());
        long version = repository.nextVersion(List.of(
                models.userTower().name(),
                models.itemTower().name(),
                models.ranker().name()));
        PointTopic.write(settings.kafka(), models.points(COLLECTION, version), now);
        Files.createDirectories(settings.state());
        PopularItems.write(settings.state().resolve("popular.json"), models.popular());
        Map<String, byte[]> reports = Map.of(
                "report.json", Reports.json(models.report()),
                "report.md", models.report().toMarkdown().getBytes(StandardCharsets.UTF_8));
        repository.publish(models.itemTower(), version, Map.of(), now);
        repository.publish(models.ranker(), version, reports, now);
        repository.publish(models.userTower(), version, Map.of(), now);
        progress.accept("published version %d: %s, %s and %s, %,d item vectors"
                .formatted(
                        version,
                        models.userTower().name(),
                        models.itemTower().name(),
                        models.ranker().name(),
                        models.items().size()));
    }
}
