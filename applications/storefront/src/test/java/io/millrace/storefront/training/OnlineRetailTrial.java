package io.millrace.storefront.training;

import io.millrace.storefront.checkpoint.Checkpoints;
import io.millrace.storefront.evaluation.RankingQuality;
import io.millrace.storefront.evaluation.RetailSplit;
import io.millrace.storefront.onnx.OnnxCheck;
import io.millrace.storefront.retail.RetailCsv;
import io.millrace.storefront.retail.RetailEvents;
import io.millrace.storefront.retail.WeekShift;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Trains on Online Retail in memory, answers with the exported models and prints how good that is: a look at quality
 * without a running system, not a test. Arguments: the file and the cut.
 */
final class OnlineRetailTrial {

    private static final int LIMIT = 20;

    private OnlineRetailTrial() {}

    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0]);
        Instant cut = Instant.parse(args[1] + "T00:00:00Z");
        InteractionLog log = read(file, cut);
        ReplayedTrainingSets sets = new ReplayedTrainingSets(log);
        TrainedModels models = new Trainer(log, sets, 1, Checkpoints.none(), System.out::println).train();
        System.out.println(models.report().toMarkdown());

        Snapshot served = Snapshot.take(log, sets, Moments.micros(cut));
        float[] users = OnnxCheck.run(models.userTower().onnx(), TowerInput.texts(served.inputs(), log.items()));
        float[] items = new float[models.items().size() * TwoTower.WIDTH];
        for (int item = 0; item < models.items().size(); item++) {
            System.arraycopy(models.items().get(item).vector(), 0, items, item * TwoTower.WIDTH, TwoTower.WIDTH);
        }
        float[] unnamed = TrainerTest.strangers(models.itemTower(), ItemContent.of(log));
        RankingQuality strangers = new RankingQuality(LIMIT);
        RankingQuality ranked = new RankingQuality(LIMIT);
        RankingQuality retrieved = new RankingQuality(LIMIT);
        RankingQuality candidates = new RankingQuality(Snapshot.CANDIDATES);
        for (RetailSplit.Case one : RetailSplit.read(file, cut).cases()) {
            int customer = log.customers().find(one.customer());
            BitSet exclude = new BitSet();
            one.earlier().forEach(item -> exclude.set(log.items().find(item)));
            List<Snapshot.Candidate> found = served.retrieve(users, customer, items, exclude, Snapshot.CANDIDATES);
            strangers.add(
                    served.retrieve(users, customer, unnamed, exclude, LIMIT).stream()
                            .map(candidate -> log.items().id(candidate.item()))
                            .toList(),
                    one.relevant());
            float[] scores =
                    OnnxCheck.run(models.ranker().onnx(), served.rows(customer, found), RankerColumn.ALL.size());
            List<String> ids = found.stream()
                    .map(candidate -> log.items().id(candidate.item()))
                    .toList();
            retrieved.add(ids, one.relevant());
            candidates.add(ids, one.relevant());
            ranked.add(
                    IntStream.range(0, scores.length)
                            .boxed()
                            .sorted((a, b) -> Float.compare(scores[b], scores[a]))
                            .map(ids::get)
                            .toList(),
                    one.relevant());
        }
        System.out.printf(
                "after the cut, %d customers: Recall@20 %.4f, NDCG@20 %.4f; towers alone %.4f, their Recall@200 %.4f;"
                        + " as if nobody had seen any item %.4f%n",
                ranked.customers(),
                ranked.recall(),
                ranked.ndcg(),
                retrieved.recall(),
                candidates.recall(),
                strangers.recall());
    }

    private static InteractionLog read(Path file, Instant until) throws IOException {
        InteractionLog.Builder log = new InteractionLog.Builder();
        RetailEvents events = new RetailEvents(new WeekShift(Duration.ZERO), until);
        try (RetailCsv csv = RetailCsv.open(file)) {
            for (RetailCsv.Row row = csv.next(); row != null; row = csv.next()) {
                if (row instanceof RetailCsv.Row.Good(var line)) {
                    events.of(line).forEach(log::add);
                }
            }
        }
        System.out.println(events.report().counts());
        return log.build();
    }
}
