package io.bertfinetune.check;

import io.bertfinetune.model.Model;
import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Encoding;
import io.bertfinetune.text.Text;
import io.bertfinetune.text.Tokenizer;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A model that has a task, a tokenizer and parameters, and can do nothing else. */
final class FakeModel {
    static final int MAX_LENGTH = 6;

    private FakeModel() {}

    static Model<Text, String, Classification> of(SequenceClassification task) {
        return of(task, List.of(new ParameterInfo("weight", List.of(1000, 250))));
    }

    @SuppressWarnings("unchecked") // it answers with what the methods return
    static Model<Text, String, Classification> of(SequenceClassification task, List<ParameterInfo> parameters) {
        Map<String, Object> answers =
                Map.of("task", task, "tokenizer", new Words(), "maxLength", MAX_LENGTH, "parameters", parameters);
        return (Model<Text, String, Classification>) Proxy.newProxyInstance(
                FakeModel.class.getClassLoader(), new Class<?>[] {Model.class}, (proxy, method, args) -> {
                    if (answers.containsKey(method.getName())) {
                        return answers.get(method.getName());
                    }
                    throw new AssertionError("the check called " + method.getName());
                });
    }

    /** Cuts at spaces, puts [CLS] and [SEP] around, and knows no word with a question mark. */
    private static final class Words implements Tokenizer {
        @Override
        public Encoding encode(Text text, int maxLength) {
            if (text.text().contains("\u0000")) {
                throw new IllegalArgumentException("a NUL");
            }
            List<String> tokens = new ArrayList<>(List.of("[CLS]"));
            Arrays.stream(text.text().split("\\s+"))
                    .filter(word -> !word.isEmpty())
                    .forEach(tokens::add);
            tokens.add("[SEP]");
            List<Encoding.Token> source = new ArrayList<>();
            for (int i = 0; i < tokens.size(); i++) {
                boolean isSpecial = i == 0 || i == tokens.size() - 1;
                source.add(isSpecial ? Encoding.Token.SPECIAL : new Encoding.Token(0, 0, i));
            }
            int[] ids = tokens.stream()
                    .mapToInt(token -> token.contains("?") ? 1 : 2)
                    .toArray();
            return Encoding.of(ids, new int[ids.length], tokens, source);
        }

        @Override
        public String decode(int... ids) {
            throw new AssertionError("the check decodes nothing");
        }

        @Override
        public Map<String, Integer> vocabulary() {
            return Map.of("[PAD]", 0, "[UNK]", 1);
        }

        @Override
        public int padId() {
            return 0;
        }
    }
}
