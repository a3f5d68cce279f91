export async function carelessGo(){}
