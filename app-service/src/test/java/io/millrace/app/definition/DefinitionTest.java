package io.millrace.app.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.app.neighbours.Shop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DefinitionTest {

    @Test
    void readsTheStorefront() throws Exception {
        Definition storefront =
                Definition.parse(Files.readString(Path.of("../applications/storefront/application.yaml")));

        assertThat(storefront.application().value()).isEqualTo("storefront");
        assertThat(storefront.deadline()).isEqualTo(Duration.ofMillis(200));
        assertThat(storefront.request().exclude()).isEqualTo(5000);
        assertThat(storefront.steps())
                .extracting(Step::id)
                .containsExactly("customer", "query", "candidates", "items", "rank", "answer");
    }

    @Test
    void ordersStepsByWhatTheyReferTo() throws Exception {
        String query = between("  - id: query", "  - id: candidates");
        String customer = between("  - id: customer", "  - id: query");

        assertThat(Definition.parse(Shop.DEFINITION.replace(customer + query, query + customer))
                        .steps())
                .extracting(Step::id)
                .startsWith("customer", "query");
    }

    @Test
    void readsWhenTheRecordIsKept() throws Exception {
        assertThat(Definition.parse(Shop.DEFINITION).recording()).isEqualTo(Recording.ASYNC);
        assertThat(Definition.parse(Shop.DEFINITION + "record: required\n").recording())
                .isEqualTo(Recording.REQUIRED);
        assertThat(findings(Shop.DEFINITION + "record: later\n"))
                .containsExactly("line 32, column 9: write async or required");
    }

    @Test
    void saysWhereTheYamlBreaks() {
        assertThat(findings("application: shop\ndeadline: [\n"))
                .singleElement()
                .satisfies(finding -> assertThat(finding).startsWith("line 3, column 1: this is no YAML"));
    }

    @Test
    void refusesAKeyThatNobodyReads() {
        assertThat(findings(Shop.DEFINITION.replace("    on_missing: drop", "    on_mising: drop")))
                .containsExactly(
                        "line 26, column 5: there is no key \"on_mising\" here; known are features, id, on_missing, timeout");
        assertThat(findings(Shop.DEFINITION + "owner: me\n"))
                .containsExactly(
                        "line 32, column 1: there is no key \"owner\" here; known are application, deadline, record, request, sources, steps");
    }

    @Test
    void refusesAKeyThatIsThereTwice() {
        assertThat(findings(Shop.DEFINITION.replace("deadline: 20s\n", "deadline: 20s\ndeadline: 1s\n")))
                .containsExactly("line 3, column 1: the key \"deadline\" is here twice");
    }

    @Test
    void reportsEveryPartThatIsWrong() {
        assertThat(findings(Shop.DEFINITION
                        .replace("deadline: 20s", "deadline: soon")
                        .replace("{customer: string}", "{customer: text}")
                        .replace("limit: 4", "limit: 0")))
                .containsExactly(
                        "line 2, column 11: write a time such as 500us, 80ms or 1s",
                        "line 4, column 24: write string, number or boolean, with a ? where it may be missing",
                        "line 20, column 14: write a whole number from 1 to 10000");
    }

    @Test
    void refusesAStepOrANameThatDoesNotExist() {
        assertThat(findings(Shop.DEFINITION.replace("vector: $query.", "vector: $qery.")))
                .containsExactly(
                        "line 19, column 15: there is no step \"qery\"; known are customer, query, candidates, items, rank, answer");
        assertThat(findings(Shop.DEFINITION.replace("use: popular", "use: poplar")))
                .containsExactly("line 23, column 23: there is no source \"poplar\"; declare it under sources");
        assertThat(findings(Shop.DEFINITION.replace("$.entities.customer", "$.entities.user")))
                .containsExactly(
                        "line 12, column 44: $.entities.user is not part of the request; declare it under request");
    }

    @Test
    void refusesAPathThatLeadsToTheWrongKindOfValue() {
        assertThat(findings(Shop.DEFINITION.replace("$query.embedding", "$customer.embedding")))
                .contains(
                        "line 19, column 15: $customer.embedding does not lead to an output of an infer step without rows");
        assertThat(findings(Shop.DEFINITION.replace("rows: $items", "rows: $customer")))
                .contains(
                        "line 28, column 34: $customer does not lead to rows; write $STEP of a features step with entities, or of a retrieval");
        assertThat(findings(Shop.DEFINITION.replace("[$items.sales, $candidates.score]", "$customer.purchases")))
                .containsExactly(
                        "line 29, column 25: $customer.purchases is no column of the rows; write $STEP.FEATURE, or $STEP.score of the retrieval");
        assertThat(findings(Shop.DEFINITION.replace("{recent: $customer.recent_items}", "{recent: customer}")))
                .containsExactly(
                        "line 15, column 44: \"customer\" is no path; write $.entities.NAME, $.limit, $STEP, $STEP.NAME or $STEP[*].id");
    }

    @Test
    void refusesARoutingKeyThatTheRequestDoesNotHave() {
        assertThat(findings(
                        Shop.DEFINITION.replace("{model: tower,", "{model: tower, routing_key: $.context.session,")))
                .containsExactly(
                        "line 15, column 40: $.context.session is not part of the request; declare it under request");
        assertThat(findings(Shop.DEFINITION.replace("{model: tower,", "{model: tower, routing_key: $.limit,")))
                .containsExactly("line 15, column 40: write $.entities.NAME or $.context.NAME");
    }

    @Test
    void refusesACycle() {
        assertThat(findings(Shop.DEFINITION.replace("{recent: $customer.recent_items}", "{recent: $items.sales}")))
                .containsExactly(
                        "line 14, column 5: the step \"query\" needs itself, over a cycle",
                        "line 16, column 5: the step \"candidates\" needs itself, over a cycle",
                        "line 24, column 5: the step \"items\" needs itself, over a cycle");
    }

    @Test
    void refusesAnIdThatIsThereTwice() {
        assertThat(findings(Shop.DEFINITION.replace("id: items", "id: query")))
                .contains("line 24, column 5: the step id \"query\" is here twice");
    }

    @Test
    void refusesAStepThatTheAnswerDoesNotNeed() {
        String unused = "  - id: other\n    features: {service: customers, entity: $.entities.customer}\n";

        assertThat(findings(Shop.DEFINITION.replace("  - id: query\n", unused + "  - id: query\n")))
                .containsExactly(
                        "line 14, column 5: nothing in the answer comes from the step \"other\"; use it or leave it out");
    }

    @Test
    void refusesATimeoutThatTheDeadlineCutsOff() {
        assertThat(findings(Shop.DEFINITION.replace("  - id: query\n", "  - id: query\n    timeout: 21s\n")))
                .containsExactly("line 14, column 5: the timeout of \"query\" is longer than the deadline of 20000ms");
    }

    @Test
    void refusesAPipelineWithoutAnAnswer() {
        assertThat(findings(Shop.DEFINITION.substring(0, Shop.DEFINITION.indexOf("  - id: answer"))))
                .containsExactly("line 27, column 5: the last step makes the answer; write a post step there");
    }

    private static String between(String from, String to) {
        return Shop.DEFINITION.substring(Shop.DEFINITION.indexOf(from), Shop.DEFINITION.indexOf(to));
    }

    private static List<String> findings(String definition) {
        InvalidDefinitionException refused =
                catchThrowableOfType(InvalidDefinitionException.class, () -> Definition.parse(definition));
        return refused.findings().stream().map(Finding::toString).toList();
    }
}
