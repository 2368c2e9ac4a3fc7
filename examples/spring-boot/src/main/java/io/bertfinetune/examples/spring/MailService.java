package io.bertfinetune.examples.spring;

import io.bertfinetune.Bert;
import io.bertfinetune.model.Model;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Answers {@code POST /classify}, whose body is a text, with what a model says about it. */
// #region application
@SpringBootApplication
public class MailService {
    /**
     * Starts the service.
     *
     * @param args Spring's, {@code --mail.model=FOLDER} above all
     */
    public static void main(String... args) {
        SpringApplication.run(MailService.class, args);
    }

    /** One model for all threads; Spring closes it, after the last request. */
    @Bean
    Model<Text, String, Classification> mailModel(@Value("${mail.model}") Path folder) {
        return Bert.fromPretrained(folder).load(SequenceClassification.saved());
    }

    @RestController
    record Classify(Model<Text, String, Classification> model) {
        @PostMapping("/classify")
        Classification classify(@RequestBody String mail) {
            return model.predict(Text.of(mail));
        }
    }
}
// #endregion application
