/** One of the 52 points of TRIPOD+AI: its number there, and what it asks for, in other words than the statement's. */
export interface TripodItem {
  readonly number: string;
  readonly section: string;
  readonly subject: string;
  readonly asks: string;
}

const item = (section: string, number: string, subject: string, asks: string): TripodItem => ({
  number,
  section,
  subject,
  asks,
});

/** Collins et al., BMJ 2024;385:e078378: 27 items, 52 with their parts. */
export const tripodItems: readonly TripodItem[] = [
  item(
    'Title',
    '1',
    'Title',
    'Says that a multivariable prediction model is developed or evaluated, for whom, and of what outcome',
  ),
  item('Abstract', '2', 'Abstract', 'Follows TRIPOD+AI for abstracts'),
  item(
    'Introduction',
    '3a',
    'Background',
    'The clinical context, why the model is needed, and which models there are',
  ),
  item(
    'Introduction',
    '3b',
    'Background',
    'Target population, purpose in the course of care, and intended users',
  ),
  item('Introduction', '3c', 'Background', 'Known health inequalities between sociodemographic groups'),
  item('Introduction', '4', 'Objectives', 'The aims, and whether a model is developed, evaluated, or both'),
  item(
    'Methods',
    '5a',
    'Data',
    'Where the data for development and for evaluation come from, why, and whom they represent',
  ),
  item('Methods', '5b', 'Data', 'Dates: first and last participant, end of follow-up'),
  item('Methods', '6a', 'Participants', 'Setting, number and places of the centres'),
  item('Methods', '6b', 'Participants', 'Who was eligible'),
  item('Methods', '6c', 'Participants', 'Treatments received, and how they were dealt with'),
  item(
    'Methods',
    '7',
    'Data preparation',
    'Pre-processing and quality checks, and whether alike in all groups',
  ),
  item('Methods', '8a', 'Outcome', 'The outcome and its time horizon: definition, assessment, reasons'),
  item('Methods', '8b', 'Outcome', 'Who judged the outcome, where it takes judgement'),
  item('Methods', '8c', 'Outcome', 'Blinding of the outcome’s assessment'),
  item('Methods', '9a', 'Predictors', 'How the candidates were chosen, and any selection before modelling'),
  item('Methods', '9b', 'Predictors', 'Definition and measurement of every predictor, and blinding'),
  item('Methods', '9c', 'Predictors', 'Who measured predictors, where it takes judgement'),
  item(
    'Methods',
    '10',
    'Sample size',
    'How the size was arrived at, and that it suffices, for development and evaluation',
  ),
  item('Methods', '11', 'Missing data', 'How missing values were handled, and why data were left out'),
  item('Methods', '12a', 'Analysis', 'How the data were used: development, evaluation, division'),
  item('Methods', '12b', 'Analysis', 'How predictors were handled: form, scaling, transformation'),
  item('Methods', '12c', 'Analysis', 'Type of model, all steps of building, tuning, internal validation'),
  item('Methods', '12d', 'Analysis', 'Differences between clusters such as hospitals'),
  item('Methods', '12e', 'Analysis', 'Measures and plots of performance, and comparison of models'),
  item('Methods', '12f', 'Analysis', 'Updating of the model after its evaluation'),
  item('Methods', '12g', 'Analysis', 'How predictions were computed for the evaluation'),
  item('Methods', '13', 'Class imbalance', 'Methods against class imbalance, and recalibration after them'),
  item('Methods', '14', 'Fairness', 'What was done for fairness, and why'),
  item('Methods', '15', 'Model output', 'What the model gives, and how thresholds were chosen'),
  item('Methods', '16', 'Training and evaluation', 'How the data of development and evaluation differ'),
  item('Methods', '17', 'Ethics', 'Committee, and consent or its waiver'),
  item('Open science', '18a', 'Funding', 'Source of funding and role of the funders'),
  item('Open science', '18b', 'Conflicts of interest', 'Interests of all authors'),
  item('Open science', '18c', 'Protocol', 'Where the protocol is, or that there is none'),
  item('Open science', '18d', 'Registration', 'Register and number, or that it is not registered'),
  item('Open science', '18e', 'Data sharing', 'Whether and where the data can be had'),
  item('Open science', '18f', 'Code sharing', 'Whether and where the code can be had'),
  item(
    'Patient involvement',
    '19',
    'Patient and public involvement',
    'Their part in the study, or that they had none',
  ),
  item(
    'Results',
    '20a',
    'Participants',
    'Flow of participants, numbers with and without the outcome, follow-up',
  ),
  item(
    'Results',
    '20b',
    'Participants',
    'Characteristics, missing values, events, and differences between groups',
  ),
  item('Results', '20c', 'Participants', 'Predictors and outcome of evaluation against those of development'),
  item('Results', '21', 'Model development', 'Participants and events in each analysis'),
  item('Results', '22', 'Model specification', 'The full model, so that others can predict with it'),
  item('Results', '23a', 'Model performance', 'Performance with confidence intervals, also in key subgroups'),
  item('Results', '23b', 'Model performance', 'Differences of performance between clusters, if examined'),
  item('Results', '24', 'Model updating', 'Results of updating'),
  item(
    'Discussion',
    '25',
    'Interpretation',
    'What the results mean, also for fairness, beside earlier studies',
  ),
  item(
    'Discussion',
    '26',
    'Limitations',
    'Sample, size, overfitting, missing data, and what follows from them',
  ),
  item('Discussion', '27a', 'Usability', 'What to do where input is poor or missing when the model is used'),
  item('Discussion', '27b', 'Usability', 'What users have to do, and what they must know'),
  item('Discussion', '27c', 'Usability', 'Next steps, for applicability and generalisation'),
];
