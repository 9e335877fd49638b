package io.millrace.storefront.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The words of the items' descriptions, numbered from one; what items share in words they can share in what is learnt. A
 * word that only one or two items have tells nothing of others and has no number.
 *
 * <p>A description is cut at spaces, and each piece into words, which are lower-case letters: {@code RED/WHITE} has two. A
 * model cannot do the second, so it knows all pieces that have words: as they were read, and each word as it is commonly
 * spelled.
 */
final class ItemWords {

    /** At most so many pieces of a description count. */
    static final int PIECES = 16;

    /** At most so many words of a piece count. */
    private static final int PER_PIECE = 4;

    private static final int LEAST_ITEMS = 3;
    private static final Pattern BETWEEN_PIECES = Pattern.compile(" +");
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}]+");

    private final int size;
    private final SequencedMap<String, long[]> pieces;
    private final int perItem;
    private final long[] places;

    private ItemWords(int size, SequencedMap<String, long[]> pieces, List<String> descriptions) {
        this.size = size;
        this.pieces = pieces;
        long[][] ofItems = descriptions.stream()
                .map(text -> pieces(text).stream()
                        .flatMapToLong(piece -> Arrays.stream(pieces.getOrDefault(piece, new long[0])))
                        .toArray())
                .toArray(long[][]::new);
        perItem = Arrays.stream(ofItems).mapToInt(words -> words.length).max().orElse(0) + 1;
        places = new long[(ofItems.length + 1) * perItem];
        for (int item = 0; item < ofItems.length; item++) {
            System.arraycopy(ofItems[item], 0, places, (item + 1) * perItem, ofItems[item].length);
        }
    }

    /** The words of these items, one description for each, empty where there is none. */
    static ItemWords of(List<String> descriptions) {
        Map<String, Integer> frequencies = new HashMap<>();
        for (String description : descriptions) {
            Set<String> words = new LinkedHashSet<>();
            pieces(description).forEach(piece -> words.addAll(words(piece)));
            words.forEach(word -> frequencies.merge(word, 1, Integer::sum));
        }
        SequencedMap<String, Long> numbers = new LinkedHashMap<>();
        SequencedMap<String, long[]> pieces = new LinkedHashMap<>();
        for (String description : descriptions) {
            for (String piece : pieces(description)) {
                long[] known = words(piece).stream()
                        .filter(word -> frequencies.getOrDefault(word, 0) >= LEAST_ITEMS)
                        .mapToLong(word -> number(numbers, word))
                        .toArray();
                if (known.length > 0) {
                    pieces.put(piece, known);
                }
            }
        }
        numbers.forEach((word, number) ->
                spellings(word).forEach(spelling -> pieces.putIfAbsent(spelling, new long[] {number})));
        return new ItemWords(numbers.size(), pieces, descriptions);
    }

    /** How many words have a number. */
    int size() {
        return size;
    }

    /** The numbers of each piece's words. Whoever gets the arrays must not change them. */
    SequencedMap<String, long[]> pieces() {
        return pieces;
    }

    /** How many numbers {@link #places} has for each item. */
    int perItem() {
        return perItem;
    }

    /**
     * The numbers of each item's words, zero where there are fewer. The first row is that of padding; the item with number
     * i has row i + 1. Whoever gets the array must not change it.
     */
    long[] places() {
        return places;
    }

    private static long number(Map<String, Long> numbers, String word) {
        Long next = numbers.size() + 1L;
        Long known = numbers.putIfAbsent(word, next);
        return known == null ? next : known;
    }

    private static List<String> pieces(String description) {
        return BETWEEN_PIECES
                .splitAsStream(description)
                .filter(piece -> !piece.isEmpty())
                .limit(PIECES)
                .toList();
    }

    private static List<String> words(String piece) {
        return BETWEEN_WORDS
                .splitAsStream(piece.toLowerCase(Locale.ROOT))
                .filter(word -> word.length() > 1)
                .limit(PER_PIECE)
                .toList();
    }

    private static List<String> spellings(String word) {
        int first = word.offsetByCodePoints(0, 1);
        List<String> spellings = new ArrayList<>();
        spellings.add(word);
        spellings.add(word.toUpperCase(Locale.ROOT));
        spellings.add(word.substring(0, first).toUpperCase(Locale.ROOT) + word.substring(first));
        return spellings;
    }
}
