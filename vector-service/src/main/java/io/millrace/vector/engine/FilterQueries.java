package io.millrace.vector.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.lucene.document.DoubleField;
import org.apache.lucene.document.LongField;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** Turns filters into Lucene queries, and refuses what does not fit the schema. */
final class FilterQueries {

    private static final int MAX_CONDITIONS = 64;

    private final Schema schema;

    FilterQueries(Schema schema) {
        this.schema = schema;
    }

    /** The filter as a query, or {@code null} where it lets everything through. */
    @Nullable
    Query toQuery(Filter filter) {
        if (filter.must().isEmpty() && filter.mustNot().isEmpty()) {
            return null;
        }
        if (filter.must().size() + filter.mustNot().size() > MAX_CONDITIONS) {
            throw new VectorException.InvalidQuery("/filter", "a filter has at most " + MAX_CONDITIONS + " conditions");
        }
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        if (filter.must().isEmpty()) {
            all.add(MatchAllDocsQuery.INSTANCE, BooleanClause.Occur.FILTER);
        }
        for (int i = 0; i < filter.must().size(); i++) {
            all.add(toQuery(filter.must().get(i), "/filter/must/" + i), BooleanClause.Occur.FILTER);
        }
        for (int i = 0; i < filter.mustNot().size(); i++) {
            all.add(toQuery(filter.mustNot().get(i), "/filter/must_not/" + i), BooleanClause.Occur.MUST_NOT);
        }
        return all.build();
    }

    private Query toQuery(Filter.Condition condition, String pointer) {
        return switch (condition) {
            case Filter.Match match ->
                anyOf(match.key(), type(match.key(), pointer), List.of(match.value()), pointer + "/match");
            case Filter.Any any -> anyOf(any.key(), type(any.key(), pointer), any.values(), pointer + "/any");
            case Filter.Range range -> range(range, type(range.key(), pointer), pointer + "/range");
            case Filter.Exists exists -> exists(exists, pointer);
            case Filter.Ids ids -> ids.ids().isEmpty() ? new MatchNoDocsQuery() : terms(PointDocuments.ID, ids.ids());
        };
    }

    private PayloadType type(String key, String pointer) {
        PayloadType type = schema.payload().get(key);
        if (type == null) {
            throw new VectorException.InvalidQuery(
                    pointer + "/key",
                    "there is no payload key \"" + key + "\"; known are "
                            + schema.payload().keySet());
        }
        return type;
    }

    private Query anyOf(String key, PayloadType type, List<Object> values, String pointer) {
        List<Object> canonical = new ArrayList<>(values.size());
        for (Object value : values) {
            canonical.add(type.canonical(value)
                    .orElseThrow(() -> new VectorException.InvalidQuery(
                            pointer, "\"" + key + "\" is a " + type.wireName() + "; compare it with one")));
        }
        if (canonical.isEmpty()) {
            return new MatchNoDocsQuery();
        }
        return switch (type) {
            case KEYWORD ->
                terms(key, canonical.stream().map(String.class::cast).toList());
            case FLOAT ->
                DoubleField.newSetQuery(
                        key, canonical.stream().mapToDouble(Double.class::cast).toArray());
            case INTEGER ->
                LongField.newSetQuery(
                        key, canonical.stream().mapToLong(Long.class::cast).toArray());
            case BOOL ->
                LongField.newSetQuery(
                        key,
                        canonical.stream()
                                .mapToLong(flag -> (Boolean) flag ? 1 : 0)
                                .distinct()
                                .toArray());
        };
    }

    private static Query terms(String field, Collection<String> values) {
        return values.size() == 1
                ? new TermQuery(new Term(field, values.iterator().next()))
                : new TermInSetQuery(field, values.stream().map(BytesRef::new).toList());
    }

    private Query exists(Filter.Exists exists, String pointer) {
        type(exists.key(), pointer);
        Query present = new FieldExistsQuery(exists.key());
        return exists.exists()
                ? present
                : new BooleanQuery.Builder()
                        .add(MatchAllDocsQuery.INSTANCE, BooleanClause.Occur.FILTER)
                        .add(present, BooleanClause.Occur.MUST_NOT)
                        .build();
    }

    private static Query range(Filter.Range range, PayloadType type, String pointer) {
        if (!Set.of(PayloadType.FLOAT, PayloadType.INTEGER).contains(type)) {
            throw new VectorException.InvalidQuery(
                    pointer, "\"" + range.key() + "\" is a " + type.wireName() + "; a range needs a number");
        }
        double from = lower(range, pointer);
        double to = upper(range, pointer);
        if (type == PayloadType.FLOAT) {
            return DoubleField.newRangeQuery(range.key(), from, to);
        }
        // A cast of a double beyond the range of long gives the nearest long.
        long least = (long) Math.ceil(from);
        long most = (long) Math.floor(to);
        return from >= 0x1p63 || to < -0x1p63 || least > most
                ? new MatchNoDocsQuery()
                : LongField.newRangeQuery(range.key(), least, most);
    }

    /** The smallest double inside the range. */
    private static double lower(Filter.Range range, String pointer) {
        Double gt = bound(range.gt(), pointer + "/gt");
        Double gte = bound(range.gte(), pointer + "/gte");
        double open = gt == null ? Double.NEGATIVE_INFINITY : Math.nextUp(gt);
        return gte == null ? open : Math.max(open, gte);
    }

    /** The largest double inside the range. */
    private static double upper(Filter.Range range, String pointer) {
        Double lt = bound(range.lt(), pointer + "/lt");
        Double lte = bound(range.lte(), pointer + "/lte");
        if (range.gt() == null && range.gte() == null && lt == null && lte == null) {
            throw new VectorException.InvalidQuery(pointer, "give at least one of gt, gte, lt and lte");
        }
        double open = lt == null ? Double.POSITIVE_INFINITY : Math.nextDown(lt);
        return lte == null ? open : Math.min(open, lte);
    }

    private static @Nullable Double bound(@Nullable Double bound, String pointer) {
        if (bound != null && bound.isNaN()) {
            throw new VectorException.InvalidQuery(pointer, "a bound is a number");
        }
        return bound == null ? null : bound + 0.0; // as payload values: there is no -0.0
    }
}
