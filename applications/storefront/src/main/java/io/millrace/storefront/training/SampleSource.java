package io.millrace.storefront.training;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * What the towers learn from: at each moment, the purchases of the time after it, and, as a second task that keeps them
 * from overfitting to the few next ones, a hidden part of the history from its rest.
 */
final class SampleSource {

    private final List<TowerSample> next;

    private SampleSource(List<TowerSample> next) {
        this.next = next;
    }

    /** One customer at one moment, with the history that the feature service gives for it. */
    record Moment(int customer, long micros, int[] history) {}

    /**
     * Samples for a tower that may know what happened before {@code cut}, and nothing else.
     *
     * @param horizon how far after its moment a purchase still is a target, in microseconds
     * @param halfLife the age at which a sample counts half, in microseconds
     */
    static SampleSource before(long cut, List<Moment> moments, Purchases purchases, long horizon, double halfLife) {
        Map<Integer, Long> perCustomer = moments.stream()
                .filter(moment -> moment.micros() < cut)
                .collect(Collectors.groupingBy(Moment::customer, Collectors.counting()));
        List<TowerSample> samples = new ArrayList<>();
        for (Moment moment : moments) {
            if (moment.micros() < cut) {
                long until = Math.min(cut, moment.micros() + horizon);
                BitSet bought = purchases.newlyBought(moment.customer(), moment.micros(), until);
                if (!bought.isEmpty()) {
                    double recency = Math.pow(0.5, (cut - moment.micros()) / halfLife);
                    // so that a few customers who buy every day do not teach the taste of all
                    double evenness = 1 / Math.sqrt(perCustomer.getOrDefault(moment.customer(), 1L));
                    samples.add(
                            new TowerSample(moment.history(), bought.stream().toArray(), (float) (recency * evenness)));
                }
            }
        }
        return new SampleSource(samples);
    }

    int size() {
        return next.size();
    }

    /** All samples once, each long enough history also with another part of it hidden. */
    List<TowerSample> epoch(Random random) {
        List<TowerSample> samples = new ArrayList<>(next);
        for (TowerSample sample : next) {
            if (sample.history().length > 1) {
                samples.add(masked(sample, random));
            }
        }
        return samples;
    }

    private static TowerSample masked(TowerSample sample, Random random) {
        double share = 0.1 + 0.5 * random.nextDouble();
        BitSet hidden = new BitSet();
        for (int i = 0; i < sample.history().length; i++) {
            if (random.nextDouble() < share) {
                hidden.set(i);
            }
        }
        if (hidden.isEmpty()) {
            hidden.set(random.nextInt(sample.history().length));
        }
        int[] targets = hidden.stream().map(i -> sample.history()[i]).toArray();
        BitSet shown = new BitSet();
        shown.set(0, sample.history().length);
        shown.andNot(hidden);
        int[] rest = shown.stream().map(i -> sample.history()[i]).toArray();
        return new TowerSample(rest, targets, sample.weight());
    }
}
