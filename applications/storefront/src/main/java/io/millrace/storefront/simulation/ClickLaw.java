package io.millrace.storefront.simulation;

import java.util.Random;

/**
 * How customers act: the one place that simulator, bound and live traffic share.
 *
 * <pre>
 *   attraction = b + a * u.v + c * s.v + d * quality - e * |log price - w| + f * trend(t)
 *   P(click)          = examined(position) * sigmoid(attraction)
 *   P(buy | click)    = sigmoid(attraction + g)
 *   P(intent = k | u) ~ exp(h * u.centre_k)        when a visit begins, and after a page with probability 1/20
 *   u, w              wander: an Ornstein-Uhlenbeck process that keeps their distribution
 * </pre>
 *
 * u is the customer's lasting taste, s the centre of the category the visit is about, w the price it thinks right;
 * u.v is the inner product over the root of its length, so that it is about one for good friends.
 */
final class ClickLaw {

    /** Tastes, and as the last number what the customer thinks the right price: (w - 1.3) / 0.5. */
    static final int STATE = ShopTruth.TASTES + 1;

    static final int PAGE = 20;
    static final double JUMP = 0.05;

    private static final double BASE = -4.2; // b
    private static final double TASTE = 1.3; // a
    private static final double INTENT = 1.8; // c
    private static final double QUALITY = 0.5; // d
    private static final double PRICE = 0.4; // e
    private static final double TREND = 0.3; // f
    private static final double BUY = -1.2; // g
    private static final double INTENT_BY_TASTE = 0.8; // h
    private static final double RIGHT_PRICE = 1.3;
    private static final double RIGHT_PRICE_DEVIATION = 0.5;
    private static final double MEMORY_DAYS = 300;

    private ClickLaw() {}

    /** The probability that a customer looks at this place of a page, the first being 0. */
    static double examined(int position) {
        return 1 / (1 + 0.08 * position);
    }

    /** The attraction of an item apart from who looks at it. */
    static double common(ShopTruth truth, int item, double day) {
        return BASE + QUALITY * truth.qualities()[item] + TREND * truth.trend(item, day);
    }

    /** What the customer's lasting state adds. */
    static double lasting(ShopTruth truth, double[] state, int item) {
        double right = RIGHT_PRICE + RIGHT_PRICE_DEVIATION * state[ShopTruth.TASTES];
        return TASTE * ShopTruth.agreement(state, truth.vectors()[item])
                - PRICE * Math.abs(truth.logPrice(item) - right);
    }

    /** What the visit's intent adds. */
    static double passing(ShopTruth truth, int intent, int item) {
        return INTENT * ShopTruth.agreement(truth.centres()[intent], truth.vectors()[item]);
    }

    /** The probability of a click on an item that is looked at. */
    static double click(double attraction) {
        return 1 / (1 + Math.exp(-attraction));
    }

    /** The probability that a clicked item is bought. */
    static double buy(double attraction) {
        return 1 / (1 + Math.exp(-attraction - BUY));
    }

    /** How {@link #buy} differs from {@link #click}: its odds are {@code exp(BUY)} times as high. */
    static double buyOdds() {
        return Math.exp(BUY);
    }

    /** The probability of each intent when it is chosen anew. */
    static double[] intents(ShopTruth truth, double[] state) {
        double[] shares = new double[truth.centres().length];
        double sum = 0;
        for (int intent = 0; intent < shares.length; intent++) {
            shares[intent] = Math.exp(INTENT_BY_TASTE * ShopTruth.agreement(state, truth.centres()[intent]));
            sum += shares[intent];
        }
        for (int intent = 0; intent < shares.length; intent++) {
            shares[intent] /= sum;
        }
        return shares;
    }

    /** The state of a customer of whom nothing is known. */
    static double[] draw(Random random) {
        double[] state = new double[STATE];
        for (int i = 0; i < STATE; i++) {
            state[i] = random.nextGaussian();
        }
        return state;
    }

    /** Lets the state wander for some days, in place. */
    static void wander(double[] state, double days, Random random) {
        double kept = Math.exp(-days / MEMORY_DAYS);
        double noise = Math.sqrt(1 - kept * kept);
        for (int i = 0; i < STATE; i++) {
            state[i] = kept * state[i] + noise * random.nextGaussian();
        }
    }

    /** A number drawn by these probabilities, which sum to one. */
    static int choose(double[] shares, Random random) {
        double left = random.nextDouble();
        for (int i = 0; i < shares.length; i++) {
            left -= shares[i];
            if (left < 0) {
                return i;
            }
        }
        return shares.length - 1;
    }
}
