package io.millrace.storefront.training;

import io.millrace.storefront.checkpoint.UnfinishedTraining;
import io.millrace.storefront.simulation.ShopSimulator;
import io.millrace.storefront.simulation.ShopSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Trains on a tiny simulated shop in a process of its own, which a test can end. Arguments: the folders of checkpoints and
 * models, and how the line begins after which it waits to be ended.
 */
final class TrainingProcess {

    private static final ShopSize TINY = new ShopSize(150, 120, 90, 8);

    private TrainingProcess() {}

    public static void main(String[] args) throws IOException {
        InteractionLog.Builder events = new InteractionLog.Builder();
        ShopSimulator.simulate(TINY, 1, Instant.parse("2026-11-24T09:00:00Z"))
                .events()
                .forEach(events::add);
        InteractionLog all = events.build();
        try (UnfinishedTraining training = UnfinishedTraining.in(Path.of(args[0]), System.out::println)) {
            InteractionLog log = training.input(Instant.now(), () -> Map.of(0, (long) all.size()), (_, key) -> {
                all.addTo(key);
                key.addProgramOf(Trainer.class);
                return all;
            });
            TrainedModels models = new Trainer(
                            log, new ReplayedTrainingSets(log), 1, training.checkpoints(), line -> say(line, args[2]))
                    .train();
            Path folder = Files.createDirectories(Path.of(args[1]));
            for (Model model : List.of(models.userTower(), models.itemTower(), models.ranker())) {
                Files.write(folder.resolve(model.name()), model.onnx());
            }
            training.finish();
        }
        System.exit(0); // PyTorch's threads would keep it
    }

    private static void say(String line, String last) {
        System.out.println(line);
        if (line.startsWith(last)) {
            LockSupport.park();
        }
    }
}
