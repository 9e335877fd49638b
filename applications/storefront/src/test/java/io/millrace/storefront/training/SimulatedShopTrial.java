package io.millrace.storefront.training;

import io.millrace.storefront.checkpoint.Checkpoints;
import io.millrace.storefront.evaluation.ShopScore;
import io.millrace.storefront.onnx.OnnxCheck;
import io.millrace.storefront.simulation.Moment;
import io.millrace.storefront.simulation.Panel;
import io.millrace.storefront.simulation.ShopSimulator;
import io.millrace.storefront.simulation.ShopSize;
import io.millrace.storefront.simulation.ShopTruth;
import io.millrace.wire.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Simulates a shop, trains on it in memory, lets customers visit and prints what the exported models attain of what
 * can be attained: a look at quality without a running system, not a test. Arguments: the seed of the training and that of
 * the shop, and {@code full} for the large one. "Before" knows nothing of the visit; "no session" has what was clicked among
 * the customer's items, but not which of them the visit brought.
 */
final class SimulatedShopTrial {

    private static final Instant END = Instant.parse("2026-11-24T09:00:00Z");
    private static final int KNOWN = 400;
    private static final int FRESH = 100;

    private final ShopTruth truth;
    private final Map<String, ShopScore> known = new LinkedHashMap<>();
    private final Map<String, ShopScore> fresh = new LinkedHashMap<>();
    private final List<double[]> said = new ArrayList<>();

    private SimulatedShopTrial(ShopTruth truth) {
        this.truth = truth;
    }

    public static void main(String[] args) {
        long seed = Long.parseLong(args[0]);
        ShopSize size = args.length > 2 && args[2].equals("full") ? ShopSize.FULL : ShopSize.SMALL;
        ShopSimulator.SimulatedShop shop = ShopSimulator.simulate(size, Long.parseLong(args[1]), END);
        InteractionLog log = log(shop.events());
        long start = System.nanoTime();
        TrainedModels models =
                new Trainer(log, new ReplayedTrainingSets(log), seed, Checkpoints.none(), System.out::println).train();
        System.out.printf("trained in %.1f s%n", (System.nanoTime() - start) / 1e9);
        System.out.println(models.report().toMarkdown());

        List<Moment> moments = Panel.visit(shop.truth(), shop.events(), END, KNOWN, FRESH, 11);
        SimulatedShopTrial trial = new SimulatedShopTrial(shop.truth());
        for (Moment moment : moments) {
            trial.score(moment, "random").addRandom(moment);
            trial.score(moment, "bound before").add(moment, ShopScore.order(moment, moment.knownBefore()));
            trial.score(moment, "bound").add(moment, ShopScore.order(moment, moment.known()));
        }
        List<Event> all = new ArrayList<>(shop.events());
        moments.forEach(moment -> all.addAll(moment.visit()));
        trial.ask(moments, models, log, new ReplayedTrainingSets(log), ", before", true);
        TrainingSets visited = new ReplayedTrainingSets(log(all));
        trial.ask(moments, models, log, visited, ", no session", false);
        trial.ask(moments, models, log, visited, "", true);
        trial.print();
    }

    private void ask(
            List<Moment> moments,
            TrainedModels models,
            InteractionLog log,
            TrainingSets sets,
            String suffix,
            boolean sessions) {
        Snapshot served = Snapshot.take(
                moments.stream()
                        .map(moment -> ShopTruth.customerId(moment.customer()))
                        .toList(),
                log,
                sets,
                Moments.micros(END));
        List<TowerInput> inputs = served.inputs().stream()
                .map(input -> sessions ? input : new TowerInput(input.recent(), new int[0]))
                .toList();
        float[] users = OnnxCheck.run(models.userTower().onnx(), TowerInput.texts(inputs, log.items()));
        float[] items = new float[models.items().size() * TwoTower.WIDTH];
        for (int item = 0; item < models.items().size(); item++) {
            System.arraycopy(models.items().get(item).vector(), 0, items, item * TwoTower.WIDTH, TwoTower.WIDTH);
        }
        for (int i = 0; i < moments.size(); i++) {
            Moment moment = moments.get(i);
            BitSet exclude = new BitSet();
            moment.clicked().stream().forEach(item -> exclude.set(log.items().find(ShopTruth.itemId(item))));
            List<Snapshot.Candidate> found = served.retrieve(users, i, items, exclude, Snapshot.CANDIDATES);
            float[] z = OnnxCheck.run(models.ranker().onnx(), served.rows(i, found), RankerColumn.ALL.size());
            List<Integer> ids = found.stream()
                    .map(candidate -> ShopTruth.number(log.items().id(candidate.item())))
                    .toList();
            score(moment, "towers" + suffix).add(moment, ids);
            List<Integer> order = IntStream.range(0, z.length)
                    .boxed()
                    .sorted((a, b) -> Float.compare(z[b], z[a]))
                    .toList();
            score(moment, "ranker" + suffix)
                    .add(moment, order.stream().map(ids::get).toList());
            if (suffix.isEmpty()) {
                order.subList(0, 10).forEach(row -> said.add(new double[] {z[row], moment.truth()[ids.get(row)]}));
            }
        }
    }

    private ShopScore score(Moment moment, String method) {
        return (moment.fresh() ? fresh : known).computeIfAbsent(method, _ -> new ShopScore());
    }

    private void print() {
        print("with a history", known);
        print("first visit", fresh);
        said.sort((a, b) -> Double.compare(a[0], b[0]));
        double error = 0;
        for (int group = 0; group < 10; group++) {
            List<double[]> part = said.subList(said.size() * group / 10, said.size() * (group + 1) / 10);
            double score = part.stream().mapToDouble(one -> one[0]).average().orElse(0);
            double probability =
                    part.stream().mapToDouble(one -> one[1]).average().orElse(0);
            System.out.printf("  said %.3f is %.3f%n", score, probability);
            error += Math.abs(score - probability) / 10;
        }
        System.out.printf("calibration error of the first ten: %.4f%n", error);
    }

    private static void print(String customers, Map<String, ShopScore> methods) {
        System.out.println(customers);
        ShopScore.Means floor = methods.getOrDefault("random", new ShopScore()).means();
        ShopScore.Means bound = methods.getOrDefault("bound", new ShopScore()).means();
        methods.forEach((name, score) -> {
            ShopScore.Means means = score.means();
            System.out.printf(
                    "  %-20s R@100 %.3f (%.3f)  R@200 %.3f (%.3f)  NDCG@10 %.4f (%.3f)%n",
                    name,
                    means.recallAt100(),
                    (means.recallAt100() - floor.recallAt100()) / (bound.recallAt100() - floor.recallAt100()),
                    means.recallAt200(),
                    (means.recallAt200() - floor.recallAt200()) / (bound.recallAt200() - floor.recallAt200()),
                    means.ndcgAt10(),
                    (means.ndcgAt10() - floor.ndcgAt10()) / (bound.ndcgAt10() - floor.ndcgAt10()));
        });
    }

    private static InteractionLog log(List<Event> events) {
        InteractionLog.Builder log = new InteractionLog.Builder();
        events.forEach(log::add);
        return log.build();
    }
}
