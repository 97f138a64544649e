import type { ToldEvent } from './job-events.ts';

/** What a client can draw of one model of a study. */
interface DrawnModel {
  stages: object[];
  penalties: number[];
  crossValidation: object | null;
  coefficients: object[];
  concordance: object[];
  curves: object[];
  comparisons: object[];
  optimism: number | null;
  pipelineOptimism: number | null;
  failure: object | null;
}

/** A client that puts a study's tables and figures together from its events alone, as they come. */
export class LiveStudy {
  excluded: object[] = [];
  warnings: object[] = [];
  #models = new Map<string, DrawnModel>();

  model(endpoint: string, name: string): DrawnModel {
    const key = JSON.stringify([endpoint, name]);
    const known = this.#models.get(key);
    if (known) return known;
    const model: DrawnModel = {
      stages: [],
      penalties: [],
      crossValidation: null,
      coefficients: [],
      concordance: [],
      curves: [],
      comparisons: [],
      optimism: null,
      pipelineOptimism: null,
      failure: null,
    };
    this.#models.set(key, model);
    return model;
  }

  /** A model with the radscore that it shares with the one of the same sources, under whose name it was told. */
  complete(endpoint: string, name: string): DrawnModel {
    const model = this.model(endpoint, name);
    if (!/.\+CLINICAL$/.test(name)) return model;
    const radiomics = this.model(endpoint, name.replace(/\+CLINICAL$/, ''));
    const [agreement, ...clinical] = model.stages;
    const [, ...radscore] = radiomics.stages;
    return { ...model, ...shared(radiomics), stages: [agreement, ...radscore, ...clinical] };
  }

  draw(event: ToldEvent): void {
    const of = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, event[name]]));
    switch (event.__typename) {
      case 'JobStarted':
        // What an interrupted attempt told is void.
        Object.assign(this, { excluded: [], warnings: [] });
        this.#models.clear();
        return;
      case 'PatientsExcluded':
        this.excluded.push(of(['reason', 'patients']));
        return;
      case 'WarningRaised':
        this.warnings.push(event.warning as object);
        return;
    }
    if (typeof event.endpoint !== 'string' || typeof event.model !== 'string') return;
    const model = this.model(event.endpoint, event.model);
    switch (event.__typename) {
      case 'StageEnded':
        model.stages.push({ stage: event.studyStage, ...of(['entered', 'remaining', 'dropped']) });
        break;
      case 'PenaltySolved':
        model.penalties[event.index as number] = event.lambda as number;
        break;
      case 'CrossValidated':
        model.crossValidation = event.crossValidation as object;
        break;
      case 'ModelEstimated':
        model.coefficients = event.coefficients as object[];
        break;
      case 'ConcordanceEstimated':
        model.concordance.push(event.concordance as object);
        break;
      case 'SurvivalCurveEstimated':
        model.curves.push(event.curve as object);
        break;
      case 'RiskGroupsCompared':
        model.comparisons.push(event.comparison as object);
        break;
      case 'ConcordanceCorrected':
        model[event.wholePipeline ? 'pipelineOptimism' : 'optimism'] = event.corrected as number;
        break;
      case 'ModelNotFitted':
        model.failure = event.failure as object;
        break;
    }
  }
}

function shared({ penalties, crossValidation }: DrawnModel): Partial<DrawnModel> {
  return { penalties, crossValidation };
}
