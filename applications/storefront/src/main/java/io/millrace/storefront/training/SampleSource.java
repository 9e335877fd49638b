package io.millrace.storefront.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the towers learn from. */
final class SampleSource {

    private final List<TowerSample> next;
    private final List<TowerSample> around;
    private final boolean visits;

    private SampleSource(List<TowerSample> next, List<TowerSample> around, boolean visits) {
        this.next = next;
        this.around = around;
        this.visits = visits;
    }

    /** One customer at one moment, with what the feature service says of it. */
    record Moment(int customer, long micros, TowerInput input) {}

    /**
     * Samples for a tower that may know what happened before {@code cut}, and nothing else: at each moment, what the customer
     * newly bought in the time after it, and, as a second task that keeps the tower from overfitting to the few next ones, a
     * hidden part of the history from its rest.
     *
     * @param horizon how far after its moment a purchase still is a target, in microseconds
     * @param halfLife the age at which a sample counts half, in microseconds
     */
    static SampleSource ofPurchases(long cut, List<Moment> moments, Choices purchases, long horizon, double halfLife) {
        Spread spread = new Spread(cut, moments, halfLife);
        List<TowerSample> samples = new ArrayList<>();
        for (Moment moment : spread.moments()) {
            BitSet bought =
                    purchases.newly(moment.customer(), moment.micros(), Math.min(cut, moment.micros() + horizon));
            if (!bought.isEmpty()) {
                samples.add(
                        new TowerSample(moment.input(), bought.stream().toArray(), new int[0], spread.weight(moment)));
            }
        }
        return new SampleSource(samples, List.of(), false);
    }

    /**
     * Samples for a tower that may know what happened before {@code cut}, and nothing else: at each moment of a visit, what
     * the customer chose of what it was shown in the rest of it. What was not shown could not be chosen, and what the session
     * already has is not asked for again.
     *
     * @param halfLife the age at which a sample counts half, in microseconds
     */
    static SampleSource ofVisits(long cut, List<Moment> moments, Pages pages, Choices choices, double halfLife) {
        Spread spread = new Spread(cut, moments, halfLife);
        List<TowerSample> samples = new ArrayList<>();
        List<TowerSample> around = new ArrayList<>();
        for (Moment moment : spread.moments()) {
            long until = Math.min(cut, moment.micros() + Moments.VISIT);
            BitSet shown = new BitSet();
            pages.between(moment.customer(), moment.micros(), until).forEach(page -> shown.or(items(page)));
            Arrays.stream(moment.input().session()).forEach(shown::clear);
            BitSet chosen = choices.between(moment.customer(), moment.micros(), until);
            chosen.and(shown);
            if (!chosen.isEmpty()) {
                samples.add(new TowerSample(
                        moment.input(),
                        chosen.stream().toArray(),
                        shown.stream().toArray(),
                        spread.weight(moment)));
                around.add(around(moment, pages, choices, until, spread.weight(moment))
                        .orElse(samples.getLast()));
            }
        }
        return new SampleSource(samples, around, true);
    }

    /**
     * The same moment with its page alone for a target, and what was chosen before and after it for a session: what a visit
     * is after shows in its later pages as well as in its earlier ones. Absent where nothing of the page is left to find.
     */
    private static Optional<TowerSample> around(Moment moment, Pages pages, Choices choices, long until, float weight) {
        List<ShownPage> rest = pages.between(moment.customer(), moment.micros(), until);
        long next = rest.size() > 1 ? rest.get(1).micros() : until;
        BitSet shown = rest.isEmpty() ? new BitSet() : items(rest.getFirst());
        BitSet chosen = choices.between(moment.customer(), moment.micros(), next);
        int[] session = IntStream.concat(
                        choices.between(moment.customer(), next, until).stream(),
                        Arrays.stream(moment.input().session()))
                .distinct()
                .limit(TowerInput.SESSION)
                .toArray();
        Arrays.stream(session).forEach(shown::clear);
        chosen.and(shown);
        return chosen.isEmpty()
                ? Optional.empty()
                : Optional.of(new TowerSample(
                        new TowerInput(moment.input().recent(), session),
                        chosen.stream().toArray(),
                        shown.stream().toArray(),
                        weight));
    }

    private static BitSet items(ShownPage page) {
        BitSet items = new BitSet();
        Arrays.stream(page.items()).forEach(items::set);
        return items;
    }

    /** How much moments before a cut count. */
    private record Spread(long cut, List<Moment> moments, Map<Integer, Long> perCustomer, double halfLife) {

        Spread(long cut, List<Moment> all, double halfLife) {
            List<Moment> moments =
                    all.stream().filter(moment -> moment.micros() < cut).toList();
            this(
                    cut,
                    moments,
                    moments.stream().collect(Collectors.groupingBy(Moment::customer, Collectors.counting())),
                    halfLife);
        }

        float weight(Moment moment) {
            double recency = Math.pow(0.5, (cut - moment.micros()) / halfLife);
            // so that a few customers who come every day do not teach the taste of all
            double evenness = 1 / Math.sqrt(perCustomer.getOrDefault(moment.customer(), 1L));
            return (float) (recency * evenness);
        }
    }

    int size() {
        return next.size();
    }

    /**
     * All samples once: those of visits by turns with what came next and with the page between the others, and with another part of the history left out each time, so that a customer's past is not
     * learnt by heart; the others whole, and each long enough one also with another part hidden.
     */
    List<TowerSample> epoch(Random random) {
        if (visits) {
            List<TowerSample> mixed = new ArrayList<>();
            for (int i = 0; i < next.size(); i++) {
                mixed.add(thinned((random.nextBoolean() ? next : around).get(i), random));
            }
            return mixed;
        }
        List<TowerSample> samples = new ArrayList<>(next);
        for (TowerSample sample : next) {
            if (sample.input().recent().length > 1) {
                samples.add(masked(sample, random));
            }
        }
        return samples;
    }

    private static TowerSample thinned(TowerSample sample, Random random) {
        double left = random.nextDouble();
        int[] rest = Arrays.stream(sample.input().recent())
                .filter(_ -> random.nextDouble() < left)
                .toArray();
        TowerInput input = new TowerInput(rest, sample.input().session());
        return new TowerSample(input, sample.targets(), sample.alternatives(), sample.weight());
    }

    private static TowerSample masked(TowerSample sample, Random random) {
        int[] recent = sample.input().recent();
        double share = 0.1 + 0.5 * random.nextDouble();
        BitSet hidden = new BitSet();
        for (int i = 0; i < recent.length; i++) {
            if (random.nextDouble() < share) {
                hidden.set(i);
            }
        }
        if (hidden.isEmpty()) {
            hidden.set(random.nextInt(recent.length));
        }
        int[] targets = hidden.stream().map(i -> recent[i]).toArray();
        BitSet shown = new BitSet();
        shown.set(0, recent.length);
        shown.andNot(hidden);
        int[] rest = shown.stream().map(i -> recent[i]).toArray();
        // a session would give away what is hidden
        return new TowerSample(new TowerInput(rest, new int[0]), targets, new int[0], sample.weight());
    }
}
