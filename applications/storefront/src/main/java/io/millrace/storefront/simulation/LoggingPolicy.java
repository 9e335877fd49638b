package io.millrace.storefront.simulation;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/**
 * What the shop showed before it had models: each place an item that was not shown in this visit, with probability 4/5 any
 * of them, else by the shop's own rating. Every propensity is known and above zero.
 */
final class LoggingPolicy {

    private static final double EXPLORED = 0.8;
    private static final double SHARPNESS = 0.3;

    private final ShopTruth truth;
    private final double[] attraction;

    LoggingPolicy(ShopTruth truth) {
        this.truth = truth;
        this.attraction = new double[truth.ratings().length];
        for (int item = 0; item < attraction.length; item++) {
            attraction[item] = Math.exp(SHARPNESS * truth.ratings()[item]);
        }
    }

    /** The next page of a visit; the items on it are added to {@code shown}. */
    Page next(double day, BitSet shown, Random random) {
        List<Integer> items = new ArrayList<>();
        List<Double> propensities = new ArrayList<>();
        double[] shares = new double[attraction.length];
        for (int place = 0; place < ClickLaw.PAGE; place++) {
            if (!shares(day, shown, shares)) {
                break;
            }
            int item = ClickLaw.choose(shares, random);
            shown.set(item);
            items.add(item);
            propensities.add(shares[item]);
        }
        return new Page(items, propensities);
    }

    /** Fills in the probability of every item; false when none is left. */
    private boolean shares(double day, BitSet shown, double[] shares) {
        int left = 0;
        double sum = 0;
        for (int item = 0; item < shares.length; item++) {
            boolean possible = truth.launches()[item] <= day && !shown.get(item);
            shares[item] = possible ? attraction[item] : 0;
            left += possible ? 1 : 0;
            sum += shares[item];
        }
        for (int item = 0; item < shares.length; item++) {
            shares[item] = shares[item] == 0 ? 0 : EXPLORED / left + (1 - EXPLORED) * shares[item] / sum;
        }
        return left > 0;
    }
}
