package io.millrace.storefront.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * All that can be known of a customer from the events: the distribution of its lasting state and of its visit's intent, given
 * every page it saw, what it clicked there and what not, and what it bought, with the true parameters of the shop. No system
 * that sees the same events can rank better on average than by the mean probabilities of this distribution.
 *
 * <p>The lasting state is a cloud of particles, because it has nine continuous dimensions; the intent is one of twelve, so each
 * particle carries its exact distribution (a Rao-Blackwellized filter: the forward algorithm within each particle).
 */
final class CustomerBelief {

    /** A longer pause ends a visit. */
    static final Duration VISIT_PAUSE = Duration.ofMinutes(20);

    private static final int PREDICTING = 300;

    /** A possible customer: the lasting state, and how probable each intent is if that is it. */
    private record Particle(double[] state, double[] intents) {

        Particle copy() {
            return new Particle(state.clone(), intents.clone());
        }
    }

    private final ShopTruth truth;
    private final Likings likings;
    private final Random random;
    private final Particles<Particle> particles;
    private @Nullable Instant last;

    /** A customer of whom nothing is known. */
    CustomerBelief(ShopTruth truth, Likings likings, int size, Random random) {
        this.truth = truth;
        this.likings = likings;
        this.random = random;
        List<Particle> drawn = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            double[] state = ClickLaw.draw(random);
            drawn.add(new Particle(state, ClickLaw.intents(truth, state)));
        }
        this.particles = new Particles<>(drawn, Particle::copy, random);
    }

    /** Learns from a page; pages come in the order of time. */
    void observe(SeenPage page) {
        boolean goesOn = inVisit(page.time());
        double days = last == null ? 0 : truth.day(page.time()) - truth.day(last);
        for (Particle particle : particles.states()) {
            if (!goesOn) {
                ClickLaw.wander(particle.state(), days, random);
            }
            double[] anew = ClickLaw.intents(truth, particle.state());
            double kept = goesOn ? 1 - ClickLaw.JUMP : 0;
            for (int intent = 0; intent < anew.length; intent++) {
                particle.intents()[intent] = kept * particle.intents()[intent] + (1 - kept) * anew[intent];
            }
        }
        double day = truth.day(page.time());
        particles.observe(particle -> likelihood(particle, page, day));
        last = page.time();
    }

    /**
     * The probability of a click on each item at the first place, as far as it can be known; zero for items not yet sold. If
     * the last page was long ago a new visit begins.
     */
    double[] probabilities(Instant time) {
        double day = truth.day(time);
        boolean goesOn = inVisit(time);
        double days = last == null ? 0 : Math.max(0, day - truth.day(last));
        double[] sums = new double[truth.vectors().length];
        List<Particle> sampled = particles.sample(PREDICTING);
        for (Particle particle : sampled) {
            double[] intents = particle.intents();
            if (!goesOn) {
                ClickLaw.wander(particle.state(), days, random);
                intents = ClickLaw.intents(truth, particle.state());
            }
            for (int item = 0; item < sums.length; item++) {
                if (truth.launches()[item] <= day) {
                    double odds = likings.against(particle.state(), item, day);
                    double[] passing = likings.passingAgainst(item);
                    for (int intent = 0; intent < intents.length; intent++) {
                        sums[item] += intents[intent] / (1 + odds * passing[intent]);
                    }
                }
            }
        }
        return Arrays.stream(sums).map(sum -> sum / sampled.size()).toArray();
    }

    /** The mean of the lasting state. */
    double[] state() {
        double[] mean = new double[ClickLaw.STATE];
        for (int i = 0; i < mean.length; i++) {
            int dimension = i;
            mean[i] = particles.mean(particle -> particle.state()[dimension]);
        }
        return mean;
    }

    private boolean inVisit(Instant time) {
        return last != null && Duration.between(last, time).compareTo(VISIT_PAUSE) < 0;
    }

    /** How probable the page's clicks and purchases are; the particle's intents learn from them. */
    private double likelihood(Particle particle, SeenPage page, double day) {
        double[] intents = particle.intents();
        double notBuying = 1 / ClickLaw.buyOdds();
        for (int place = 0; place < page.items().size(); place++) {
            int item = page.items().get(place);
            double odds = likings.against(particle.state(), item, day);
            double[] passing = likings.passingAgainst(item);
            double examined = ClickLaw.examined(place);
            if (!page.clicked().get(item)) {
                for (int intent = 0; intent < intents.length; intent++) {
                    intents[intent] *= 1 - examined / (1 + odds * passing[intent]);
                }
            } else {
                boolean bought = page.bought().get(item);
                for (int intent = 0; intent < intents.length; intent++) {
                    double against = odds * passing[intent];
                    double buys = 1 / (1 + notBuying * against);
                    intents[intent] *= examined / (1 + against) * (bought ? buys : 1 - buys);
                }
            }
        }
        double sum = Arrays.stream(intents).sum();
        for (int intent = 0; intent < intents.length; intent++) {
            intents[intent] = sum > 0 ? intents[intent] / sum : 1.0 / intents.length;
        }
        return sum;
    }

    /** What the law says of each item, computed once: odds against a click, which the parts of attraction multiply. */
    static final class Likings {

        private final ShopTruth truth;
        private final double[][] passing;

        Likings(ShopTruth truth) {
            this.truth = truth;
            int intents = truth.centres().length;
            this.passing = new double[truth.vectors().length][intents];
            for (int item = 0; item < passing.length; item++) {
                for (int intent = 0; intent < intents; intent++) {
                    passing[item][intent] = Math.exp(-ClickLaw.passing(truth, intent, item));
                }
            }
        }

        /** The odds against a click for a state, without the intent. */
        double against(double[] state, int item, double day) {
            return Math.exp(-ClickLaw.common(truth, item, day) - ClickLaw.lasting(truth, state, item));
        }

        /** What each intent makes of the odds. */
        double[] passingAgainst(int item) {
            return passing[item];
        }
    }
}
