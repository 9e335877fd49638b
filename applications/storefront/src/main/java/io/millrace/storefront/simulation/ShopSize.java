package io.millrace.storefront.simulation;

/**
 * How large a simulated shop is.
 *
 * @param customers three in ten of them come during the time
 * @param items a fifth of them come during the time, the others are there from the first day
 * @param days the time that is simulated
 * @param visits the mean number of visits of a customer who was there all the time
 */
public record ShopSize(int customers, int items, int days, double visits) {

    /** About 80,000 events, 750,000 impressions: what {@code ./millrace up} loads and learns within two minutes. */
    public static final ShopSize SMALL = new ShopSize(500, 400, 90, 18);

    /** About four million impressions. */
    public static final ShopSize FULL = new ShopSize(20_000, 5_000, 90, 2.0);
}
